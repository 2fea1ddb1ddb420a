/// <reference lib="dom" />

/** Opens what is dropped anywhere on the page: a file, or a link. */
export function listenToDrops(
  open: (source: Blob | string, name: string) => void,
): void {
  let depth = 0;
  const hover = (by: number) => {
    depth = Math.max(0, depth + by);
    document.body.classList.toggle("dropping", depth > 0);
  };
  document.addEventListener("dragenter", () => hover(1));
  document.addEventListener("dragleave", () => hover(-1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    hover(-Infinity);
    const file = event.dataTransfer?.files[0];
    const url = event.dataTransfer?.getData("text/uri-list").split("\n")[0];
    if (file) open(file, file.name);
    else if (url) open(url, url);
  });
}
