package org.t3jvm.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.server.ServerFixture;

/**
 * The page as people use it, in headless Chromium. With {@code -Dt3.pictures=DIR} the page's
 * pictures of the guide are written anew.
 */
@Tag("process")
class PageTest {
  private static final String PREVIEW = "document.getElementById('running-preview').dataset.number";

  @TempDir private Path data;
  private ServerFixture server;
  private Browser browser;

  @BeforeEach
  void open() throws Exception {
    Optional<Path> driver = Browser.driver();
    assumeTrue(
        driver.isPresent(),
        "chromedriver is not installed: on Debian, apt-get install chromium chromium-driver");
    server = ServerFixture.start(data);
    browser = Browser.open(driver.orElseThrow());
  }

  @AfterEach
  void close() throws Exception {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  private void type(String prompt, int width, int height, int frames, int steps) throws Exception {
    browser.type("#prompt", prompt);
    browser.type("#width", String.valueOf(width));
    browser.type("#height", String.valueOf(height));
    browser.type("#frames", String.valueOf(frames));
    browser.click("#more summary");
    browser.type("#steps", String.valueOf(steps));
    browser.click("#more summary");
  }

  @Test
  void aVideoIsPlannedMadeWatchedCancelledResumedAndPlayed() throws Exception {
    browser.show(1400, 900, false);
    browser.go("http://127.0.0.1:%d/".formatted(server.port()));
    browser.await("document.getElementById('plan-memory').textContent.includes('B')");

    type("a red ball rolls over green grass", 192, 112, 21, 40);
    browser.await("!document.getElementById('plan').classList.contains('old')");
    String planned = browser.run("return document.getElementById('plan').innerText").asString();
    assertThat(planned).contains("Time").contains("Memory").containsPattern("\\d+(\\.\\d)? MB");

    browser.click("#start");
    browser.await("%s > 0".formatted(PREVIEW));
    int before = browser.run("return Number(%s)".formatted(PREVIEW)).asInt();
    browser.reload();
    browser.await("%s > %d".formatted(PREVIEW, before));

    browser.click("#running-cancel");
    browser.await("document.querySelector('#stopped-list li')");
    assertThat(browser.run("return document.getElementById('running').hidden").asBoolean())
        .isTrue();
    browser.click("#stopped-list button");
    browser.await("document.querySelector('#gallery-list .card')");

    browser.click("#gallery-list .card");
    browser.await("document.getElementById('viewer-video').currentTime > 0");
    assertThat(browser.run("return document.getElementById('viewer-video').videoWidth").asInt())
        .isEqualTo(192);
    browser.click("#viewer-again");
    assertThat(browser.run("return document.getElementById('steps').value").asString())
        .isEqualTo("40");
    assertThat(browser.errors()).as("errors of the page").isEmpty();
  }

  @Test
  void whatCannotBeIsRedAndWhatIsMissingIsAskedFor() throws Exception {
    browser.show(1400, 900, false);
    browser.go("http://127.0.0.1:%d/".formatted(server.port()));
    browser.await("document.getElementById('plan-memory').textContent.includes('B')");
    browser.type("#frames", "-4");
    browser.await("document.getElementById('frames').ariaInvalid === 'true'");
    assertThat(browser.run("return document.getElementById('plan-note').textContent").asString())
        .contains("size.frames is -4, must be");
    browser.run("document.getElementById('frames').value = ''");
    browser.type("#frames", "5");
    browser.await("document.getElementById('frames').ariaInvalid === 'false'");
    browser.click("#start");
    browser.await("!document.getElementById('compose-error').hidden");
    assertThat(browser.run("return document.activeElement.id").asString()).isEqualTo("prompt");
  }

  @Test
  void thePageWorksByKeyboard() throws Exception {
    browser.show(390, 800, true);
    browser.go("http://127.0.0.1:%d/".formatted(server.port()));
    browser.await("document.getElementById('plan-memory').textContent.includes('B')");
    String tab = "\ue004";
    String enter = "\ue007";
    String escape = "\ue00c";
    // Past the link to the videos, into the prompt, then width, height and frames.
    browser.keys(tab + tab + "a fox" + tab + "48" + tab + "32" + tab + "5" + tab + tab + enter);
    assertThat(browser.run("return document.getElementById('more').open").asBoolean()).isTrue();
    browser.keys(tab + tab + "2" + "\ue008" + tab + "\ue008");
    assertThat(browser.run("return document.getElementById('steps').value").asString())
        .isEqualTo("2");
    browser.run("document.getElementById('start').focus()");
    browser.await("!document.getElementById('start').disabled");
    browser.keys(enter);
    browser.await("document.querySelector('#gallery-list .card')");
    browser.run("document.querySelector('#gallery-list .card').focus()");
    browser.keys(enter);
    browser.await("document.getElementById('viewer').open");
    browser.keys(escape);
    browser.await("!document.getElementById('viewer').open");
    assertThat(browser.run("return document.documentElement.scrollWidth").asInt())
        .as("no wider than a phone")
        .isLessThanOrEqualTo(390);
  }

  /** Pictures of the guide, of a server that has made some videos and makes one more. */
  @Test
  void picturesAreSmall() throws Exception {
    String[] prompts = {
      "Dawn over a quiet harbour, boats rocking gently",
      "A paper crane unfolds in slow motion",
      "Rain on a tin roof, close up",
      "A lighthouse turning through fog"
    };
    for (int i = 0; i < prompts.length; i++) {
      String job =
          """
          {"version":1,"text":{"prompt":"%s"},"size":{"height":96,"width":160,"frames":9},
           "sampling":{"steps":3,"seed":%d}}
          """
              .formatted(prompts[i], 40 + i);
      server.await(
          ServerFixture.ok(server.post("/v1/jobs", job)).get("id").asString(), "completed");
    }
    for (String prompt :
        new String[] {"Snow falls past a red door", "Two foxes cross a frozen lake"}) {
      ServerFixture.ok(
          server.post(
              "/v1/jobs",
              """
              {"version":1,"text":{"prompt":"%s"},"size":{"height":144,"width":256,"frames":21},
               "sampling":{"steps":200}}
              """
                  .formatted(prompt)));
    }
    browser.show(1400, 760, false);
    browser.go("http://127.0.0.1:%d/".formatted(server.port()));
    browser.type("#prompt", "A red ball rolls over green grass, morning light");
    browser.await("document.getElementById('plan-memory').textContent.includes('B')");
    browser.await("%s > 3".formatted(PREVIEW));
    browser.run("document.activeElement.blur()");
    for (int width : new int[] {1400, 390}) {
      for (boolean dark : new boolean[] {false, true}) {
        browser.show(width, width == 1400 ? 760 : 1700, dark);
        Thread.sleep(300);
        byte[] picture = smaller(browser.picture());
        String folder = System.getProperty("t3.pictures");
        if (folder != null) {
          String name = "server-%d-%s.png".formatted(width, dark ? "dark" : "light");
          Files.write(Path.of(folder).resolve(name), picture);
        }
        assertThat(picture.length).as("bytes").isLessThan(200_000);
      }
    }
  }

  /** The same PNG with fewer colours where it is colourful, as videos are and the page is not. */
  private static byte[] smaller(byte[] png) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    BufferedImage small =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        int[] levels = {rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff};
        Arrays.sort(levels);
        small.setRGB(x, y, levels[2] - levels[0] > 24 ? (rgb & 0xe0e0e0) | 0x101010 : rgb);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(small, "png", bytes);
    return bytes.toByteArray();
  }
}
