package org.t3jvm.model.text.json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.text.json.AddedTokens.Added;
import org.t3jvm.model.text.json.AddedTokens.Section;
import org.t3jvm.model.text.spiece.PieceModel;
import org.t3jvm.model.text.spiece.SpieceNormalizer;
import org.t3jvm.model.text.spiece.Unigram;

/** A tokenizer from a {@code tokenizer.json}, without what it says of ends, cutting and padding. */
public final class JsonModel implements PieceModel {
  private static final String PAD = "<pad>";
  private static final String EOS = "</s>";
  private static final int MARK = 0x2581;

  private final TokenizerJson file;
  private final Unigram unigram;
  private final AddedTokens literal;
  private final AddedTokens normalized;
  private final int eos;
  private final int pad;

  private JsonModel(TokenizerJson file) throws IOException {
    this.file = file;
    int[] byteIds =
        file.byteFallback()
            ? Unigram.byteIds(file.pieces(), piece -> Unigram.isByte(piece.text()))
            : new int[0];
    this.unigram = new Unigram(file.pieces(), file.unknownId(), byteIds, false);
    List<Added> before = new ArrayList<>();
    List<Added> after = new ArrayList<>();
    for (TokenizerJson.AddedToken token : file.added()) {
      Added added = token.added();
      if (token.normalized()) {
        String content = file.normalizer().apply(added.content());
        after.add(new Added(added.id(), content, added.left(), added.right()));
      } else {
        before.add(added);
      }
    }
    this.literal = new AddedTokens(before);
    this.normalized = new AddedTokens(after);
    this.eos = special(EOS);
    this.pad = special(PAD);
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @throws IOException if it is missing, cannot be one or lacks the special tokens of UMT5, in one
   *     line that names it
   */
  public static JsonModel read(Path path) throws IOException {
    TokenizerJson file = TokenizerJson.read(path);
    try {
      return new JsonModel(file);
    } catch (IOException e) {
      throw new IOException(
          path + ": is not a readable tokenizer.json (" + e.getMessage() + ")", e);
    }
  }

  private int special(String content) throws IOException {
    for (TokenizerJson.AddedToken token : file.added()) {
      if (token.added().content().equals(content)) {
        return token.added().id();
      }
    }
    throw new IOException("it has no special token " + content + ", a UMT5 tokenizer has");
  }

  @Override
  public long[] ids(String text) {
    LongStream.Builder ids = LongStream.builder();
    for (Section section : literal.split(SpieceNormalizer.wellFormed(text))) {
      if (section.id() >= 0) {
        ids.accept(section.id());
        continue;
      }
      for (Section part : normalized.split(file.normalizer().apply(section.text()))) {
        if (part.id() >= 0) {
          ids.accept(part.id());
          continue;
        }
        for (String word : words(part.text(), section.first() && part.first())) {
          unigram.encode(word.getBytes(StandardCharsets.UTF_8), ids);
        }
      }
    }
    return ids.build().toArray();
  }

  private List<String> words(String part, boolean first) {
    Metaspace spaces = file.spaces();
    return spaces == null ? List.of(part) : spaces.words(part, first);
  }

  @Override
  public int size() {
    return Math.max(
        file.pieces().size(),
        file.added().stream().mapToInt(each -> each.added().id() + 1).max().orElse(0));
  }

  @Override
  public String piece(long id) {
    String text = addedPiece(id);
    if (text == null) {
      text = id < 0 || id >= file.pieces().size() ? "" : file.pieces().get((int) id).text();
    }
    Metaspace spaces = file.spaces();
    return spaces == null ? text : text.replace(spaces.mark(), (char) MARK);
  }

  private @Nullable String addedPiece(long id) {
    for (TokenizerJson.AddedToken token : file.added()) {
      if (token.added().id() == id) {
        return token.added().content();
      }
    }
    return null;
  }

  @Override
  public long unknownId() {
    return file.unknownId();
  }

  @Override
  public long eosId() {
    return eos;
  }

  @Override
  public long padId() {
    return pad;
  }
}
