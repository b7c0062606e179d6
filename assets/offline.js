// Script of the offline page: retries the connection, then loads the requested page.
const theme = localStorage.getItem("theme") ?? "system";
const isDark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.classList.add(isDark ? "dark" : "light");

async function again() {
  const answer = await fetch("/health", { cache: "no-store" }).catch(() => null);
  if (answer) location.reload();
  return Boolean(answer);
}

setInterval(again, 5000);
addEventListener("online", again);
addEventListener("DOMContentLoaded", () => {
  document.getElementById("again").addEventListener("click", async () => {
    const tried = document.getElementById("tried");
    tried.textContent = "";
    if (!(await again())) tried.textContent = tried.dataset.failed;
  });
});
