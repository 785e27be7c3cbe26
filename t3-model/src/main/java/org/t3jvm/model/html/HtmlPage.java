package org.t3jvm.model.html;

import java.util.List;

/** An HTML page that needs nothing else, in light and dark colours. */
public final class HtmlPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --bg: #fcfcfb; --fg: #1c1d20; --soft: #63666d;
        --line: #dddfe3; --ours: #2458c5; --c1: #b8862b; --c2: #8a6fae; --c3: #4f8f6b;
        --c4: #a9605a; }
      @media (prefers-color-scheme: dark) { :root { --bg: #17181b; --fg: #e8e8ea; --soft: #9a9da5;
        --line: #34363c; --ours: #7ba4f7; --c1: #d9ae5f; --c2: #b6a0d6; --c3: #7fbf9b;
        --c4: #d6918b; } }
      body { background: var(--bg); color: var(--fg); font: 15px/1.5 system-ui, sans-serif;
        max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; }
      p { color: var(--soft); margin: .2rem 0; }
      svg { width: 100%; height: auto; display: block; } svg text { fill: var(--fg); }
      svg .soft { fill: var(--soft); } svg .track { fill: var(--line); }
      .ours { fill: var(--ours); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); }
      .c3 { fill: var(--c3); } .c4 { fill: var(--c4); }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-size: 13px; width: 100%; margin-top: 1rem; }
      th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid var(--line);
        font-variant-numeric: tabular-nums; white-space: nowrap; }
      th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
      th { color: var(--soft); font-weight: 600; }
      """;

  private final StringBuilder page = new StringBuilder();

  /**
   * Begins a page.
   *
   * @param style more rules of CSS
   */
  public HtmlPage(String title, String style) {
    html("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html("<title>%s</title>\n<style>\n".formatted(escape(title)));
    html(STYLE + style);
    html("</style>\n</head>\n<body>\n<h1>%s</h1>\n".formatted(escape(title)));
  }

  /** Adds HTML. */
  public void html(String html) {
    page.append(html);
  }

  /** Adds a heading of a section. */
  public void section(String title) {
    html("<h2>%s</h2>\n".formatted(escape(title)));
  }

  /** Adds a paragraph. */
  public void paragraph(String text) {
    html("<p>%s</p>\n".formatted(escape(text)));
  }

  /** Adds a table, which may be wider than the page. */
  public void table(List<String> header, List<List<String>> rows) {
    html("<div class=\"wide\"><table>\n<thead>\n");
    row("th", header);
    html("</thead>\n<tbody>\n");
    rows.forEach(cells -> row("td", cells));
    html("</tbody>\n</table></div>\n");
  }

  private void row(String cell, List<String> texts) {
    html("<tr>");
    texts.forEach(text -> html("<%s>%s</%s>".formatted(cell, escape(text), cell)));
    html("</tr>\n");
  }

  /** The whole page. */
  public String text() {
    return page + "</body>\n</html>\n";
  }

  /** Text as it may stand in HTML. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
