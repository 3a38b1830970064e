// Remembers which answer to a question was opened first, in each round, in this browser alone.
{
  const KEY = "answers to questions";
  const questions = [...document.querySelectorAll(".question")];
  const box = document.querySelector(".question-score");
  const page = location.pathname.split("/").pop().replace(".html", "");
  const read = () => JSON.parse(localStorage.getItem(KEY) ?? "{}");
  const rounds = () => read()[page] ?? [{}];

  function remember(label, answer) {
    const all = read();
    all[page] ??= [{}];
    all[page].at(-1)[label] ??= answer;
    localStorage.setItem(KEY, JSON.stringify(all));
    say();
  }

  function say() {
    const first = rounds().at(-1);
    const asked = questions.filter((one) => one.id in first);
    const right = asked.filter(
      (one) => one.querySelectorAll("details")[first[one.id]]?.matches(".right"),
    );
    box.querySelector("[role=status]").textContent = asked.length
      ? `${right.length} of ${asked.length} right at first, of ${questions.length} questions.`
      : "";
  }

  const does = {
    again() {
      const all = read();
      if (Object.keys(rounds().at(-1)).length) (all[page] ??= []).push({});
      localStorage.setItem(KEY, JSON.stringify(all));
      questions.forEach((one) =>
        one.querySelectorAll("details").forEach((answer) => (answer.open = false)),
      );
      say();
      questions[0].scrollIntoView();
    },
    save() {
      const text = JSON.stringify({ page, rounds: rounds() }, null, 1);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      link.download = `answers-${page}.json`;
      link.click();
    },
  };

  for (const question of questions)
    question.querySelectorAll("details").forEach((answer, number) =>
      answer.addEventListener("toggle", () => answer.open && remember(question.id, number)),
    );
  box.addEventListener("click", ({ target }) => does[target.dataset.does]?.());
  say();
}
