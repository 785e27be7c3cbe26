package org.t3jvm.model.html;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.t3jvm.event.Pictures;
import org.t3jvm.model.image.RgbImage;

/** Pictures inside of a page. */
public final class Picture {
  private Picture() {}

  /**
   * An image element that holds a picture's pixels as PNG.
   *
   * @throws IOException if this JDK writes no PNG
   */
  public static String element(RgbImage picture, String description) throws IOException {
    BufferedImage image =
        new Pictures(List.of(picture.rgb()), picture.height(), picture.width()).middle();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "png", bytes)) {
      throw new IOException("this JDK has no PNG writer");
    }
    return "<img alt=\"%s\" width=\"%d\" height=\"%d\" src=\"data:image/png;base64,%s\">"
        .formatted(
            HtmlPage.escape(description),
            picture.width(),
            picture.height(),
            Base64.getEncoder().encodeToString(bytes.toByteArray()));
  }
}
