package org.t3jvm.model.text.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.text.json.AddedTokens.Added;
import org.t3jvm.model.text.spiece.Piece;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a {@code tokenizer.json} file holds.
 *
 * @param pieces the vocabulary; an index is an id
 * @param unknownId id of what the vocabulary lacks
 * @param byteFallback true if unknown characters become pieces of their bytes
 * @param added tokens that are matched literally
 * @param normalizer what a text goes through first
 * @param spaces how it is divided; null if it is not
 */
record TokenizerJson(
    List<Piece> pieces,
    int unknownId,
    boolean byteFallback,
    List<AddedToken> added,
    TextStep normalizer,
    @Nullable Metaspace spaces) {

  /** A file past this is no tokenizer: the real one has 17 MB. */
  private static final long MAX_BYTES = 64L << 20;

  /** The real one has 1.1 million. */
  private static final long MAX_TOKENS = 4_000_000;

  private static final int MAX_DEPTH = 64;
  private static final int MAX_NAME = 1000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxTokenCount(MAX_TOKENS)
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNameLength(MAX_NAME)
                          .maxStringLength((int) MAX_BYTES)
                          .build())
                  .build())
          // Parts of the file are read from its midst.
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * A token that is matched literally.
   *
   * @param normalized true if the normalised text is searched for it, not the text itself
   */
  record AddedToken(Added added, boolean normalized) {}

  /**
   * Reads a file.
   *
   * @throws IOException if it is missing or no such file, in one line that names it
   */
  static TokenizerJson read(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + ": there is no such tokenizer.json");
    }
    if (Files.size(path) > MAX_BYTES) {
      throw new IOException(
          "%s: has %d bytes, a tokenizer.json has at most %d"
              .formatted(path, Files.size(path), MAX_BYTES));
    }
    try (JsonParser parser = MAPPER.createParser(path)) {
      return new Fields().read(parser);
    } catch (JacksonException e) {
      throw unreadable(path, e.getOriginalMessage().lines().findFirst().orElse("no JSON"), e);
    } catch (IOException e) {
      throw unreadable(path, e.getMessage(), e);
    }
  }

  private static IOException unreadable(Path path, @Nullable String reason, Exception cause) {
    return new IOException(path + ": is not a readable tokenizer.json (" + reason + ")", cause);
  }

  /** The values so far. */
  private static final class Fields {
    private final List<Piece> pieces = new ArrayList<>();
    private final List<AddedToken> added = new ArrayList<>();
    private TextStep normalizer = new TextStep.InOrder(List.of());
    private @Nullable Metaspace spaces;
    private String type = "";
    private int unknownId = -1;
    private boolean byteFallback;

    TokenizerJson read(JsonParser parser) throws IOException {
      require(parser.nextToken() == JsonToken.START_OBJECT, "it is no JSON object");
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case "added_tokens" -> addedTokens(MAPPER.readTree(parser));
          case "normalizer" -> normalizer = JsonParts.normalizer(MAPPER.readTree(parser));
          case "pre_tokenizer" -> spaces = JsonParts.spaces(MAPPER.readTree(parser));
          case "model" -> {
            require(value == JsonToken.START_OBJECT, "its model is no JSON object");
            model(parser);
          }
          default -> parser.skipChildren();
        }
      }
      require(type.equals("Unigram"), "its model is of type '" + type + "', only Unigram is read");
      require(
          unknownId >= 0 && unknownId < pieces.size(),
          "its unk_id is %d, there are %d pieces".formatted(unknownId, pieces.size()));
      return new TokenizerJson(
          List.copyOf(pieces), unknownId, byteFallback, List.copyOf(added), normalizer, spaces);
    }

    private void model(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case "type" -> type = value == JsonToken.VALUE_STRING ? parser.getString() : "";
          case "unk_id" ->
              unknownId = value == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : -1;
          case "byte_fallback" -> byteFallback = value == JsonToken.VALUE_TRUE;
          case "vocab" -> {
            require(value == JsonToken.START_ARRAY, "its vocabulary is no list, as Unigram has");
            vocabulary(parser);
          }
          default -> parser.skipChildren();
        }
      }
    }

    private void vocabulary(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
        String piece = text ? parser.getString() : "";
        boolean number = parser.nextToken().isNumeric();
        double score = number ? parser.getDoubleValue() : Double.NaN;
        require(
            text && Double.isFinite(score) && parser.nextToken() == JsonToken.END_ARRAY,
            "entry %d of its vocabulary is no text with a score".formatted(pieces.size()));
        pieces.add(new Piece(piece, score, Piece.Kind.NORMAL));
      }
      require(
          parser.currentToken() == JsonToken.END_ARRAY,
          "entry %d of its vocabulary is no text with a score".formatted(pieces.size()));
    }

    private void addedTokens(JsonNode list) throws IOException {
      for (JsonNode each : list) {
        JsonNode id = each.path("id");
        JsonNode content = each.path("content");
        require(
            id.isInt() && id.intValue() >= 0 && content.isString(),
            "an added token has no id or no content");
        require(
            !each.path("single_word").asBoolean(false),
            "its added token %s must be a word of its own, which is not read"
                .formatted(content.stringValue()));
        added.add(
            new AddedToken(
                new Added(
                    id.intValue(),
                    content.stringValue(),
                    each.path("lstrip").asBoolean(false),
                    each.path("rstrip").asBoolean(false)),
                each.path("normalized").asBoolean(false)));
      }
    }
  }

  static void require(boolean holds, String reason) throws IOException {
    if (!holds) {
      throw new IOException(reason);
    }
  }
}
