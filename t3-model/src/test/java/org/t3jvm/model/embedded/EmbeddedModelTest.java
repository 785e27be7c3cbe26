package org.t3jvm.model.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.initial.ModelWriter;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.tensor.graph.WindowCounts;

/** The files of the model that comes with the program. */
class EmbeddedModelTest {
  private static final long MAX_BYTES = 5_000_000;
  private static final int TEXT_LENGTH = 512;

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedModel embedded;

  @SuppressWarnings("NullAway.Init")
  private static VideoModel model;

  @TempDir Path dir;

  @BeforeAll
  static void openModel() throws IOException {
    embedded = EmbeddedModel.open();
    model = VideoModel.open(ModelFiles.find(ModelSource.of(embedded.folder())));
  }

  @AfterAll
  static void closeModel() {
    model.close();
    embedded.close();
  }

  @Test
  void copiesOfKilledProcessesAreDeleted() throws IOException {
    Path temporary = embedded.folder().resolve("../..").normalize();
    Path left = Files.createTempDirectory(temporary, "t3-embedded-model-");
    Path lock = Files.createFile(left.resolve(".lock"));
    Path young = Files.createTempDirectory(temporary, "t3-embedded-model-");
    Files.createFile(young.resolve(".lock"));
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(3600)));
    Path mine = embedded.folder().resolve("../.lock").normalize();
    Files.setLastModifiedTime(mine, FileTime.from(Instant.now().minusSeconds(3600)));
    EmbeddedModel.open().close();
    assertThat(left).doesNotExist();
    assertThat(embedded.folder()).as("one that is in use stays").isNotEmptyDirectory();
    assertThat(young).as("one that may be just made stays").exists();
    Files.delete(young.resolve(".lock"));
    Files.delete(young);
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  @Test
  void seedGivesTheCommittedFilesByteForByte() throws IOException {
    TinyModelMaker.make(dir, TinyKind.T2V, TinyModelMaker.DEFAULT_SEED);
    assertThat(files(dir)).containsExactlyInAnyOrderElementsOf(TinyKind.T2V.files());
    for (String file : TinyKind.T2V.files()) {
      assertThat(Files.readAllBytes(dir.resolve(file)))
          .as("%s; make it anew with t3 make-tiny-model", file)
          .isEqualTo(Files.readAllBytes(embedded.folder().resolve(file)));
    }
  }

  @Test
  void otherSeedGivesOtherWeightsOfTheSameSizes() throws IOException {
    TinyModelMaker.make(dir, TinyKind.T2V, TinyModelMaker.DEFAULT_SEED + 1);
    for (String file : List.of(ModelWriter.DIT, ModelWriter.TEXT_ENCODER, TinyKind.T2V.vaeFile())) {
      Path ours = embedded.folder().resolve(file);
      assertThat(Files.size(dir.resolve(file))).as(file).isEqualTo(Files.size(ours));
      assertThat(Files.mismatch(dir.resolve(file), ours)).as(file).isNotNegative();
    }
  }

  @Test
  void copyHoldsAllFilesInFiveMegabytes() throws IOException {
    assertThat(files(embedded.folder())).containsExactlyInAnyOrderElementsOf(TinyKind.T2V.files());
    long bytes = 0;
    for (String file : TinyKind.T2V.files()) {
      bytes += Files.size(embedded.folder().resolve(file));
    }
    assertThat(bytes).isLessThanOrEqualTo(MAX_BYTES);
  }

  @Test
  void copiesAreIndependentAndDeletedOnClose() throws IOException {
    EmbeddedModel other = EmbeddedModel.open();
    assertThat(other.folder()).isNotEqualTo(embedded.folder());
    other.close();
    assertThat(other.folder()).doesNotExist();
    assertThat(embedded.folder()).isNotEmptyDirectory();
  }

  @Test
  void partsHaveTheSizesThatTheirShapesImply() throws IOException {
    assertThat(model.ditConfig()).isEqualTo(TinyKind.T2V.dit());
    assertThat(model.vaeConfig()).isEqualTo(TinyKind.T2V.vae());
    assertThat(model.textConfig())
        .isEqualTo(TinyModelMaker.textSizes(TinyTokenizer.vocabulary().size()));
  }

  @Test
  void defaultsFitTheModelAndUseEveryKindOfWindow() throws IOException {
    ModelDefaults defaults = ModelDefaults.of(embedded.folder(), ModelDefaults.T3_VIDEO);
    assertThat(defaults).isEqualTo(TinyKind.T2V.defaults());
    T3Windows windows = T3Windows.parse(String.valueOf(defaults.windows()));
    new GenerationRequest(
            "", "", defaults.height(), defaults.width(), defaults.frames(), 1, 5, 5, 0, windows)
        .requireFits(model.ditConfig(), model.vaeConfig());
    assertThat(model.ditConfig().layers()).isGreaterThanOrEqualTo(windows.kinds().size());
    assertThat(windows.kinds()).hasSize(5).doesNotHaveDuplicates();
    int latentFrames = (defaults.frames() - 1) / 4 + 1;
    assertThat(windows.kinds().getFirst()).isEqualTo(new WindowCounts(latentFrames, 1, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a red ball rolls over green grass",
        "A sunset over the ocean, 4K, cinematic time-lapse (24 fps)!",
        "Ein Mädchen läuft über die größte Brücke",
        "一只红色的狐狸在雪地里行走。",
        "🦊 jumps over 👩‍👩‍👧 and ﬁnds ½ of it",
        "<0x41> {json: \"~^`|\"} \\ unbelievable\u0301"
      })
  void everyPromptIsKnownToTheLastByte(String prompt) {
    long[] ids = model.tokenizer().encode(prompt, TEXT_LENGTH);
    assertThat(ids).as(prompt).doesNotContain(model.tokenizer().unknownId());
    assertThat(ids[ids.length - 1]).isEqualTo(model.tokenizer().eosId());
    for (long id : ids) {
      assertThat(id).isBetween(0L, model.textConfig().vocab() - 1L);
    }
  }

  @Test
  void specialIdsAreThoseOfUmt5() {
    assertThat(model.tokenizer().padId()).isEqualTo(0);
    assertThat(model.tokenizer().eosId()).isEqualTo(1);
    assertThat(model.tokenizer().unknownId()).isEqualTo(3);
  }

  @Test
  void commonWordsAreOneTokenAndOtherTextIsSpelled() throws IOException {
    List<String> pieces = List.copyOf(TinyTokenizer.vocabulary().keySet());
    assertThat(tokens(pieces, "a red ball")).containsExactly("▁a", "▁red", "▁ball", "</s>");
    assertThat(tokens(pieces, "xé")).containsExactly("▁", "x", "<0xC3>", "<0xA9>", "</s>");
  }

  private static List<String> tokens(List<String> pieces, String prompt) {
    return Arrays.stream(model.tokenizer().encode(prompt, TEXT_LENGTH))
        .mapToObj(id -> pieces.get((int) id))
        .toList();
  }
}
