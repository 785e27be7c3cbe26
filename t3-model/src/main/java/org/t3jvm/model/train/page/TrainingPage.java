package org.t3jvm.model.train.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.t3jvm.loaders.io.AtomicFile;

/**
 * One HTML file with the curves of a training and its latest sample pictures, which needs nothing
 * beside itself.
 *
 * @param file that is written
 * @param samples folder of the pictures, by name in their order
 */
public record TrainingPage(Path file, Path samples) {
  private static final int PICTURES = 24;

  /**
   * The figures of all steps.
   *
   * @param title of the page
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Figures(String title, double[] loss, double[] norm, double[] rate) {}

  /** Writes the page in place of the one before. */
  public void write(Figures figures) throws IOException {
    StringBuilder html = new StringBuilder();
    html.append(
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>%s</title><style>
        body{font:14px system-ui,sans-serif;max-width:960px;margin:2em auto;padding:0 1em;
        background:#fff;color:#222}
        svg{width:100%%;background:#f6f7f8;margin:.4em 0}svg text{font-size:12px;fill:#555}
        svg .title{fill:#222;font-weight:600}polyline{fill:none;stroke:#2864c8;stroke-width:1.5}
        figure{margin:1em 0}img{max-width:100%%;image-rendering:pixelated}
        </style></head><body><h1>%s</h1>
        """
            .formatted(escape(figures.title()), escape(figures.title())));
    if (figures.loss().length > 0) {
      html.append(new Curve("loss", figures.loss()).svg());
      html.append(new Curve("norm of the gradients", figures.norm()).svg());
      html.append(new Curve("learning rate", figures.rate()).svg());
    }
    for (Path picture : pictures().reversed()) {
      html.append(
          String.format(
              Locale.ROOT,
              "<figure><figcaption>%s</figcaption><img alt=\"\""
                  + " src=\"data:image/png;base64,%s\"></figure>%n",
              escape(picture.getFileName().toString().replace(".png", "").replace('-', ' ')),
              Base64.getEncoder().encodeToString(Files.readAllBytes(picture))));
    }
    html.append("</body></html>\n");
    try (AtomicFile page = AtomicFile.create(file)) {
      page.write(html.toString().getBytes(StandardCharsets.UTF_8));
      page.commit();
    }
  }

  private List<Path> pictures() throws IOException {
    if (!Files.isDirectory(samples)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(samples)) {
      List<Path> all = files.filter(each -> each.toString().endsWith(".png")).sorted().toList();
      return all.subList(Math.max(0, all.size() - PICTURES), all.size());
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
