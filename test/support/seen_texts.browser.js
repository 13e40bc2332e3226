// An expression that runs in a page: each text with its size, its colour and the nearest background that isn't transparent.
(() => {
  const seen = [];
  const transparent = 'rgba(0, 0, 0, 0)';
  const behind = (element) => {
    if (element === null) return 'rgb(255, 255, 255)';
    const { backgroundColor } = getComputedStyle(element);
    return backgroundColor === transparent ? behind(element.parentElement) : backgroundColor;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (text === '') continue;
    const { color, fontSize } = getComputedStyle(element);
    seen.push({ text, size: Number.parseFloat(fontSize), color, behind: behind(element) });
  }
  return seen;
})();
