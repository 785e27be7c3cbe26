package org.t3jvm.server.api;

import java.io.IOException;
import java.util.Map;
import org.t3jvm.server.http.Call;
import org.t3jvm.server.http.Router;

/** The page at {@code /} and its files, which are in this module and nowhere else. */
final class PageApi {
  /** Nothing is loaded from elsewhere, no script is in the page, and no site frames it. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
          + " media-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none';"
          + " frame-ancestors 'none'";

  /** Files by their paths, with their types. */
  static final Map<String, String> FILES =
      Map.ofEntries(
          Map.entry("index.html", "text/html; charset=utf-8"),
          Map.entry("style.css", "text/css; charset=utf-8"),
          Map.entry("icon.svg", "image/svg+xml"),
          script("main.js"),
          script("api.js"),
          script("dom.js"),
          script("form.js"),
          script("fields.js"),
          script("running.js"),
          script("queue.js"),
          script("gallery.js"),
          script("format.js"));

  private static Map.Entry<String, String> script(String name) {
    return Map.entry(name, "text/javascript; charset=utf-8");
  }

  void addTo(Router router) {
    FILES.forEach(
        (name, type) -> {
          byte[] bytes = Resources.read("page/" + name);
          String path = name.equals("index.html") ? "/" : "/" + name;
          router.open("GET", path, call -> send(call, type, bytes));
        });
  }

  private static void send(Call call, String type, byte[] bytes) throws IOException {
    call.reply("Content-Security-Policy", POLICY);
    call.reply("Cache-Control", "no-cache");
    call.bytes(200, type, bytes);
  }
}
