package org.t3jvm.model.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.tensor.graph.TokenGrid;

/** The operations of a forward pass at 4K are those that SPEC 5 gives, in units of 1e12. */
class ForwardWorkTest {
  private static final double TERA = 1e12;

  @ParameterizedTest
  @CsvSource({
    "WAN21_T2V_1_3B, 136, 240, 1188.9, 1779, 3793, 88378",
    "WAN22_TI2V_5B, 68, 120, 201.7, 1520.7, 1825.5, 12345",
  })
  void theFiguresAreThePublishedOnes(
      Preset preset,
      int h,
      int w,
      double attention,
      double other,
      double upstream,
      double fullAttention) {
    ForwardWork forward = forward(preset, new TokenGrid(21, h, w), 1);
    assertThat(forward.work().total() / TERA)
        .isCloseTo(attention + other, within(0.002 * (attention + other)));
    assertThat(forward.upstream() / TERA).isCloseTo(upstream, within(0.002 * upstream));
    assertThat(forward.fullAttention() / TERA)
        .isCloseTo(fullAttention, within(0.002 * fullAttention));
  }

  @Test
  void headGroupsProjectQueriesAndKeysTwice() {
    TokenGrid grid = new TokenGrid(21, 136, 240);
    ForwardWork all = forward(Preset.WAN21_T2V_1_3B, grid, 1);
    ForwardWork groups = forward(Preset.WAN21_T2V_1_3B, grid, 4);
    double projection = 2.0 * grid.tokens() * 1536 * 1536;
    assertThat(groups.work().total() - all.work().total())
        .isCloseTo(2 * 30 * projection, within(1e-6 * all.work().total()));
    assertThat(groups.upstream()).isCloseTo(all.upstream(), within(1e-6 * all.upstream()));
  }

  /** What a prompt saves is the difference to a pass of as few text keys. */
  @Test
  void aShortPromptSavesWhatAPassOfFewerKeysDoesNotDo() {
    TokenGrid grid = new TokenGrid(21, 136, 240);
    ForwardWork all = forward(Preset.WAN21_T2V_1_3B, grid, 1, 512);
    ForwardWork few = forward(Preset.WAN21_T2V_1_3B, grid, 1, 64);
    assertThat(all.savedByText(50)).isCloseTo(4.0 * 685_440 * 448 * 1536 * 30, within(1e6));
    double textRows = 448 * 2 * 2.0 * 1536 * 1536 * 30;
    assertThat(all.work().total() - few.work().total())
        .isBetween(all.savedByText(50), all.savedByText(50) + 2 * textRows);
    assertThat(all.savedByText(600)).isZero();
  }

  private static ForwardWork forward(Preset preset, TokenGrid grid, int headGroups) {
    return forward(preset, grid, headGroups, 512);
  }

  private static ForwardWork forward(Preset preset, TokenGrid grid, int headGroups, int textRows) {
    ModelTypes model = preset.model();
    int tokenPixels = model.vae().spatialFactor() * model.dit().patchH();
    SelfAttentionPlan windows = T3WindowRule.forTokensOf(tokenPixels).windows(grid);
    Dit.Job job = new Dit.Job(grid, textRows, false, false).with(new Dit.Parts(headGroups, 1));
    return ForwardWork.of(model.dit(), windows, model.ditTypes(), job);
  }
}
