package org.t3jvm.model.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.Shape;

/** What a request rounds, derives and refuses (SPEC 1). */
class GenerationRequestTest {
  private static final DitConfig DIT = new DitConfig(16, 16, 72, 3, 100, 5, 64, 64, 2, 2);

  private static final VaeConfig VAE = VaeConfig.wan21(4);

  private static GenerationRequest request(int height, int width, int frames) {
    return new GenerationRequest(
        "p", "n", height, width, frames, 6, 5, 5, 0, SelfAttentionPlan.full());
  }

  private static GenerationRequest request(int steps, float guidance, float shift) {
    return new GenerationRequest(
        "p", "n", 48, 64, 9, steps, guidance, shift, 0, SelfAttentionPlan.full());
  }

  @Test
  void framesAreRoundedUpAsUpstreamDoes() {
    for (int frames = 1; frames <= 200; frames++) {
      int upstream = frames % 4 != 1 ? (frames + 3) / 4 * 4 + 1 : frames;
      assertThat(GenerationRequest.roundFrames(frames)).as("%d frames", frames).isEqualTo(upstream);
    }
  }

  @Test
  void latentsAreSmallerByTheVaesFactors() {
    GenerationRequest released = request(2176, 3840, 81);
    assertThat(released.latentFrames()).isEqualTo(21);
    assertThat(released.latentShape(VAE)).isEqualTo(Shape.of(16, 21, 272, 480));
    assertThat(request(16, 16, 1).latentShape(VAE)).isEqualTo(Shape.of(16, 1, 2, 2));
    assertThat(released.latentShape(VaeConfig.wan22(3, 4))).isEqualTo(Shape.of(48, 21, 136, 240));
  }

  @Test
  void guidanceOfOneIsNone() {
    assertThat(request(6, 1f, 5).guided()).isFalse();
    assertThat(request(6, 0f, 5).guided()).isTrue();
    assertThat(request(6, 5f, 5).guided()).isTrue();
  }

  @Test
  void aRequestThatFitsPasses() {
    GenerationRequest fits = request(48, 64, 9).withAttention(T3Windows.parse("3,1,1;1,3,2"));
    assertThatCode(() -> fits.requireFits(DIT, VAE)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "50 | 64 | 9 | size.height is 50, must be a multiple of 16, such as 48 or 64",
        "48 | 8 | 9 | size.width is 8, must be a multiple of 16, such as 16 or 32",
        "0 | 64 | 9 | size.height is 0, must be a multiple of 16, such as 16 or 32",
        "-16 | 64 | 9 | size.height is -16, must be a multiple of 16, such as 16 or 32",
        "48 | 64 | 8 | size.frames is 8, must be 1 + 4k",
        "48 | 64 | 0 | size.frames is 0, must be 1 + 4k",
        "48 | 64 | -3 | size.frames is -3, must be 1 + 4k"
      })
  void sizesThatDoNotDivideNameTheOption(int height, int width, int frames, String message) {
    assertThatThrownBy(() -> request(height, width, frames).requireFits(DIT, VAE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 5, 5, 'sampling.steps is 0, must be at least 1'",
    "6, 5, 0, 'sampling.shift is 0.0, must be a number above 0'",
    "6, 5, NaN, 'sampling.shift is NaN, must be a number above 0'",
    "6, 5, Infinity, 'sampling.shift is Infinity, must be a number above 0'",
    "6, NaN, 5, 'sampling.cfg is NaN, must be a finite number'"
  })
  void valuesThatCannotBeNameTheOption(int steps, float guidance, float shift, String message) {
    assertThatThrownBy(() -> request(steps, guidance, shift).requireFits(DIT, VAE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void cellsOfTheWan22VaeAreTwiceAsLarge() {
    DitConfig dit = new DitConfig(48, 48, 48, 2, 80, 5, 64, 64, 2, 2);
    VaeConfig vae = VaeConfig.wan22(3, 4);
    assertThatCode(() -> request(64, 96, 9).requireFits(dit, vae)).doesNotThrowAnyException();
    assertThatThrownBy(() -> request(48, 64, 9).requireFits(dit, vae))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size.height is 48, must be a multiple of 32, such as 32 or 64");
  }

  @Test
  void gridsPastThePositionTableAreRefused() {
    assertThatCode(() -> request(16384, 16, 1).requireFits(DIT, VAE)).doesNotThrowAnyException();
    assertThatThrownBy(() -> request(16400, 16, 1).requireFits(DIT, VAE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "token grid 1x1025x1 is larger than 1024 positions along an axis; choose a smaller"
                + " video");
  }

  @Test
  void windowsMayBeUnevenAndNotEmpty() {
    GenerationRequest uneven = request(48, 64, 9).withAttention(T3Windows.parse("3,2,1;2,2,3"));
    assertThatCode(() -> uneven.requireFits(DIT, VAE)).doesNotThrowAnyException();
    GenerationRequest empty = request(48, 64, 9).withAttention(T3Windows.parse("3,4,1"));
    assertThatThrownBy(() -> empty.requireFits(DIT, VAE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("windows 3,4,1 are more than the token grid 3x3x4");
  }
}
