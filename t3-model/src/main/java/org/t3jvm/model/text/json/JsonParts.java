package org.t3jvm.model.text.json;

import static org.t3jvm.model.text.json.TokenizerJson.require;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.text.spiece.Charsmap;
import tools.jackson.databind.JsonNode;

/** The parts of a {@code tokenizer.json} that name a kind, of which those of UMT5 are read. */
final class JsonParts {
  private static final String RUNS = " {2,}";

  private JsonParts() {}

  private static String type(JsonNode part) {
    return part.path("type").asString("");
  }

  /**
   * What a text goes through.
   *
   * @throws IOException if it has a step that is not known here
   */
  static TextStep normalizer(JsonNode part) throws IOException {
    if (part.isNull()) {
      return new TextStep.InOrder(List.of());
    }
    return switch (type(part)) {
      case "Sequence" -> {
        List<TextStep> steps = new ArrayList<>();
        for (JsonNode step : part.path("normalizers")) {
          steps.add(normalizer(step));
        }
        yield new TextStep.InOrder(List.copyOf(steps));
      }
      case "Precompiled" -> new TextStep.Mapped(charsmap(part.path("precompiled_charsmap")));
      case "NFC", "NFD", "NFKC", "NFKD" -> new TextStep.Form(Normalizer.Form.valueOf(type(part)));
      case "Strip" ->
          new TextStep.Stripped(
              part.path("strip_left").asBoolean(false), part.path("strip_right").asBoolean(false));
      case "Replace" -> {
        String content = part.path("content").asString("");
        require(
            part.path("pattern").path("Regex").asString("").equals(RUNS) && content.length() == 1,
            "its normalizer replaces something other than runs of spaces");
        yield new TextStep.SpaceRuns(content);
      }
      default ->
          throw new IOException(
              "its normalizer has a step '%s', which is not read".formatted(type(part)));
    };
  }

  private static Charsmap charsmap(JsonNode text) throws IOException {
    try {
      return new Charsmap(ByteBuffer.wrap(Base64.getDecoder().decode(text.asString(""))));
    } catch (IllegalArgumentException e) {
      throw new IOException("its character map is not in Base64", e);
    }
  }

  /**
   * How a text is divided; null if it is not.
   *
   * @throws IOException if that is not known here
   */
  static @Nullable Metaspace spaces(JsonNode part) throws IOException {
    if (part.isNull()) {
      return null;
    }
    require(
        type(part).equals("Metaspace"),
        "its pre_tokenizer is '%s', only Metaspace is read".formatted(type(part)));
    String mark = part.path("replacement").asString("");
    require(mark.length() == 1, "its Metaspace has no single character for spaces");
    String scheme =
        part.path("prepend_scheme")
            .asString(part.path("add_prefix_space").asBoolean(true) ? "always" : "never");
    Metaspace.Prefix prefix;
    try {
      prefix = Metaspace.Prefix.valueOf(scheme.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "its Metaspace has the unknown prepend_scheme '%s'".formatted(scheme), e);
    }
    return new Metaspace(mark.charAt(0), prefix, part.path("split").asBoolean(true));
  }
}
