"""What Python makes of the bytes of these tests, and makes for them: peer.py COMMAND INPUT OUTPUT OPTION."""

import gzip
import importlib
import json
import struct
import sys
import zlib


def read(data, _):
    """A stream, message by message, as `distributed` reads it."""
    import msgpack
    from distributed.protocol.utils import pack_frames, unpack_frames

    # As a module, since the package has a function of the same name.
    dask = importlib.import_module("distributed.protocol.serialize")
    # What a user of Dask writes to read values of the family `json`: typed ones stay as they are tagged.
    dask.register_serialization_family("json", None, lambda header, frames: json.loads(bytes(frames[0])))
    messages = []
    while len(data):
        *frames, data = unpack_frames(data, remainder=True)
        message = {"header": msgpack.loads(frames[0]), "frames": len(frames) - 1}
        try:
            message["value"] = dask.deserialize_bytes(pack_frames(frames))
        except Exception as error:
            message["error"] = type(error).__name__
        messages.append(message)
    return json.dumps(messages, default=lambda value: {"hex": bytes(value).hex()}).encode()


def dask_bytes(value, codec):
    """One value as `serialize_bytes` writes it: a prelude, the header, the frames."""
    from distributed.protocol.serialize import serialize_bytelist

    return serialize_bytelist(value, compression=codec, serializers=["msgpack"])


def write_dask(data, codec):
    """Values, each as a message of Dask, with nothing of Brine."""
    return b"".join(b"".join(dask_bytes(value, codec)) for value in json.loads(data))


def write(data, codec):
    """Values as a stream of Brine: messages of Dask with a checksum, between a first one and a last one."""
    import msgpack
    from distributed.protocol.utils import pack_frames

    def checked(header, frames=()):
        packed = msgpack.packb({"crc32": 0xFFFFFFFF, **header, "count": len(frames)})
        at = 8 * (2 + len(frames)) + packed.index(b"\xa5crc32\xce") + 7
        message = bytearray(pack_frames([packed, *frames]))
        message[at : at + 4] = bytes(4)
        message[at : at + 4] = struct.pack(">I", zlib.crc32(message))
        return bytes(message)

    values = json.loads(data)
    out = [checked({"brine": 1})]
    index = []
    for i, value in enumerate(values):
        _, header, *frames = dask_bytes(value, codec)
        index.append([sum(map(len, out)), i])
        out.append(checked(msgpack.loads(header), [bytes(frame) for frame in frames]))
    end = {"end": True, "version": 1, "messages": len(values), "values": len(values), "index": index}
    length = len(checked(end, [bytes(16)]))
    out.append(checked(end, [struct.pack("<Q", length) + b"brineEND"]))
    return b"".join(out)


def lzma_pair(container):
    import lzma

    # As `decompress` takes it for both: whichever it is.
    return (lambda data: lzma.compress(data, format=container(lzma))), lzma.decompress


def module_pair(name):
    module = importlib.import_module(name)
    return module.compress, module.decompress


def snappy_framed_pair():
    import snappy

    def pack(data):
        # Of nothing, it writes nothing, which is no stream.
        return snappy.StreamCompressor().add_chunk(data) or b"\xff\x06\x00\x00sNaPpY"

    return pack, lambda data: snappy.StreamDecompressor().decompress(data)


def snappy_pair():
    import snappy

    return snappy.compress, snappy.uncompress


# What packs and what unpacks, of codecs that have one function for each.
PLAIN = {
    "xz": lambda: lzma_pair(lambda lzma: lzma.FORMAT_XZ),
    "lzma": lambda: lzma_pair(lambda lzma: lzma.FORMAT_ALONE),
    "bzip2": lambda: module_pair("bz2"),
    "lz4": lambda: module_pair("lz4.frame"),
    "lz4-block": lambda: module_pair("lz4.block"),
    "snappy": snappy_pair,
    "snappy-framed": snappy_framed_pair,
}


def pack(data, codec):
    """Bytes through an encoder of Python's, in several steps where it has them."""
    if codec == "gzip":
        return gzip.compress(data)
    if codec == "deflate":
        return zlib.compress(data)
    if codec == "deflate-raw":
        coder = zlib.compressobj(wbits=-15)
        return coder.compress(data) + coder.flush()
    if codec == "brotli":
        import brotli

        return brotli.compress(data, quality=3)
    if codec in PLAIN:
        return PLAIN[codec]()[0](data)
    import zstandard

    coder = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    half = len(data) // 2
    return coder.compress(data[:half]) + coder.compress(data[half:]) + coder.flush()


def unpack(data, codec):
    """Bytes through a decoder of Python's."""
    if codec == "gzip":
        return gzip.decompress(data)
    if codec == "deflate":
        return zlib.decompress(data)
    if codec == "deflate-raw":
        return zlib.decompress(data, wbits=-15)
    if codec == "brotli":
        import brotli

        return brotli.decompress(data)
    if codec in PLAIN:
        return PLAIN[codec]()[1](data)
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj(read_across_frames=True).decompress(data)


def read_json(data, kind):
    """JSON as Python's `json` reads it, and writes it."""
    text = data.decode()
    if kind == "ndjson":
        return "".join(json.dumps(json.loads(line)) + "\n" for line in text.split("\n")[:-1]).encode()
    if kind == "json-seq":
        parts = text.split("\x1e")[1:]
        return "".join("\x1e" + json.dumps(json.loads(part), indent=1) + "\n" for part in parts).encode()
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False).encode()


def read_msgpack(data, _):
    """A sequence of msgpack as Python's `msgpack` reads it, and writes it."""
    import msgpack

    unpacker = msgpack.Unpacker(strict_map_key=False)
    unpacker.feed(data)
    return b"".join(msgpack.packb(value) for value in unpacker)




COMMANDS = [read, write, write_dask, pack, unpack, read_json, read_msgpack]

if __name__ == "__main__":
    name, source, target, option = sys.argv[1:]
    command = {command.__name__: command for command in COMMANDS}[name]
    with open(source, "rb") as file:
        given = file.read()
    made = command(given, option or None)
    with open(target, "wb") as file:
        file.write(made)
