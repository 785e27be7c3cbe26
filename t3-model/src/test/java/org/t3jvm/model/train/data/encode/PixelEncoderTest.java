package org.t3jvm.model.train.data.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.model.train.data.Dataset;
import org.t3jvm.model.train.data.DatasetBuilder;
import org.t3jvm.model.train.data.DatasetListener;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.model.world.World;
import org.t3jvm.model.world.WorldSettings;
import org.t3jvm.model.world.files.ClipFolder;
import org.t3jvm.model.world.files.ClipSet;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.random.TorchRandom;

/** Clips as pixels, and the pieces that are cut out of them. */
class PixelEncoderTest {
  @TempDir Path temp;

  @Test
  void keepsPixelsAndCutsPieces() throws IOException {
    WorldSettings settings = WorldSettings.trained(3, 32, 48, 7);
    Path folder = temp.resolve("clips");
    new ClipFolder(folder, new ClipSet(settings, 2, ClipSet.Format.PNG, 8)).write(done -> {});
    SizeRule rule = new SizeRule(9, Optional.of(new FrameSize(32, 48)), 16);
    Dataset dataset =
        DatasetBuilder.build(
            folder, rule, new PixelEncoder(), temp.resolve("cache"), DatasetListener.NONE);
    Tensor pixels = dataset.sample(1).clip();
    assertThat(pixels.shape()).isEqualTo(Shape.of(5, 32, 48, 3));
    assertThat(pixels.dtype()).isEqualTo(DType.U8);
    byte[] frame = new World(settings).clip(1).frame(4).rgb();
    for (int i = 0; i < frame.length; i++) {
      assertThat(pixels.getLong(4L * frame.length + i)).isEqualTo(frame[i] & 0xff);
    }
    TorchRandom random = new TorchRandom(8);
    TorchRandom same = new TorchRandom(8);
    for (int draw = 0; draw < 20; draw++) {
      Tensor piece = new PixelCrop(3, 16, 40).draw(pixels, random);
      assertThat(piece.shape()).isEqualTo(Shape.of(3, 16, 40, 3));
      int first = (int) (same.nextWord() % 3);
      int top = (int) (same.nextWord() % 17);
      int left = (int) (same.nextWord() % 9);
      long level = pixels.getLong((((first + 2L) * 32 + top + 15) * 48 + left + 39) * 3 + 1);
      double last = piece.getDouble(piece.shape().elements() - 2);
      assertThat((float) last).isEqualTo(level * (float) (2.0 / 255) - 1);
    }
  }

  @Test
  void refusesPiecesThatAreLargerThanTheClip() {
    Tensor pixels = Tensor.allocate(DType.U8, Shape.of(5, 32, 48, 3));
    assertThatThrownBy(() -> new PixelCrop(9, 16, 16).draw(pixels, new TorchRandom(1)))
        .hasMessage(
            "a piece of 9 frames of 16x16 does not fit into a clip %s", Shape.of(5, 32, 48, 3));
  }
}
