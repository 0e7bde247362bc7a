"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const panel = document.getElementById("panel");
  const reasons = document.getElementById("reasons");
  const close = document.getElementById("close");
  const status = document.getElementById("status");
  let shown = null;
  let kept = null;

  // Text only ever enters the page as text.
  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const isolated = (text) => element("bdi", "", text);
  const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
  const head = () => Number(document.querySelector("input[name=head]:checked").value);
  const place = (sentence) => /^a(\d+)s(\d+)$/.exec(sentence.id).slice(1).map(Number);

  const named = (label) => {
    const shape = element("span", "", label.shape);
    shape.setAttribute("aria-hidden", "true");
    return element("span", "tone " + label.tone, shape, " ", isolated(label.name));
  };

  const quoted = (text, words, labels) => {
    const quote = element("p", "quote");
    let at = 0;
    for (const [start, length, label, strength] of words) {
      quote.append(text.slice(at, start));
      const word = element(
        "span",
        "w w" + strength + " " + labels[label].tone,
        text.slice(start, start + length),
      );
      quote.append(word);
      at = start + length;
    }
    quote.append(text.slice(at));
    return element("bdi", "", quote);
  };

  const row = (name, values, most, section) => {
    const cell = element("th", "", isolated(name));
    cell.scope = "row";
    const line = element("tr", "", cell);
    values.forEach((value, label) =>
      line.append(element("td", "n" + (label === most ? " most" : ""), value)),
    );
    section.append(line);
  };

  const note = (text, width, section) => {
    const cell = element("td", "soft", isolated(text));
    cell.colSpan = width;
    section.append(element("tr", "note", cell));
  };

  const table = (said, of) => {
    const titles = element("tr", "", element("td", ""));
    for (const label of of.labels) {
      const title = element("th", "n", named(label));
      title.scope = "col";
      titles.append(title);
    }
    const body = element("tbody");
    for (const [words, made, values] of said.r)
      (row(words, values.map(signed), said.l, body), note(made, values.length + 1, body));
    if (said.n > 0) row(said.n + " others", said.o.map(signed), said.l, body);
    row("bias", of.bias.map(signed), said.l, body);
    const foot = element("tfoot");
    row("score, the sum", said.s.map(signed), said.l, foot);
    row(
      "probability",
      said.p.map((p) => p.toFixed(1) + "\u00a0%"),
      said.l,
      foot,
    );
    return element(
      "table",
      "",
      element("caption", "", "What the words add to the score of each label"),
      element("thead", "", titles),
      body,
      foot,
    );
  };

  const mark = (sentence, on) => {
    sentence.classList.toggle("on", on);
    const [article, number] = place(sentence);
    for (const course of document.querySelectorAll('.course[data-a="' + article + '"] svg')) {
      const columns = course.children;
      const step = columns.length > 1 ? Number(columns[1].dataset.s) : 1;
      const column = columns[Math.floor((number - 1) / step)];
      if (column) column.classList.toggle("on", on);
    }
  };

  const show = (sentence) => {
    if (shown) mark(shown, false);
    shown = sentence;
    if (!sentence) {
      panel.classList.remove("open");
      return;
    }
    mark(sentence, true);
    const h = head();
    const of = data.heads[h];
    const [article, number] = place(sentence);
    const said = (data.articles[article - 1][number - 1] || [])[h];
    const title = element("h2", "", "Sentence " + number);
    reasons.replaceChildren(title);
    panel.classList.add("open");
    close.hidden = false;
    if (!said) {
      reasons.append(element("p", "soft", "The page does not hold the reasons of this sentence."));
      status.textContent = "";
      return;
    }
    const label = of.labels[said.l];
    reasons.append(
      element("p", "", named(label), " " + said.p[said.l].toFixed(1) + "\u00a0%"),
      quoted(sentence.querySelector(".x").textContent, said.w, of.labels),
      table(said, of),
    );
    const pull = (wanted) =>
      said.r
        .filter(([, , values]) => values[said.l] * wanted > 0)
        .slice(0, 3)
        .map(([words, , values]) => words + " " + signed(values[said.l]))
        .join(", ") || "nothing of weight";
    status.textContent =
      "Sentence " +
      number +
      ", " +
      label.name +
      ", " +
      said.p[said.l].toFixed(0) +
      " percent. For: " +
      pull(1) +
      ". Against: " +
      pull(-1) +
      ".";
  };

  const keep = (sentence) => {
    kept = sentence;
    show(sentence);
  };

  const sentenceOf = (event) =>
    event.target instanceof Element ? event.target.closest(".s") : null;
  document.addEventListener("mouseover", (event) => {
    const sentence = sentenceOf(event);
    if (sentence && !kept && sentence !== shown) show(sentence);
  });
  document.addEventListener("focusin", (event) => {
    const sentence = sentenceOf(event);
    if (sentence && sentence !== shown) (keep(null), show(sentence));
  });
  document.addEventListener("click", (event) => {
    const sentence = sentenceOf(event);
    if (sentence) {
      event.preventDefault();
      keep(kept === sentence ? null : sentence);
      if (kept && event.detail === 0) reasons.focus();
      else if (!kept) show(sentence);
      return;
    }
    const column = event.target instanceof Element ? event.target.closest(".course g") : null;
    if (column) {
      const article = column.closest(".course").dataset.a;
      const target = document.getElementById("a" + article + "s" + (Number(column.dataset.s) + 1));
      keep(target);
      target.scrollIntoView({ block: "center" });
    }
  });
  const leave = () => {
    const back = kept;
    keep(null);
    if (back && panel.contains(document.activeElement)) back.focus();
    close.hidden = true;
    reasons.replaceChildren(
      element("p", "soft", "Point at a sentence to see the words for and against each label."),
    );
    show(null);
  };
  close.addEventListener("click", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) leave();
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "head" && shown) show(shown);
  });
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
})();
