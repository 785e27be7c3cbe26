package org.t3jvm.model.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

/** T3's tables of window counts (SPEC 5). */
class T3WindowsTest {
  private static final TokenGrid GRID_21 = new TokenGrid(21, 136, 240);
  private static final TokenGrid GRID_22 = new TokenGrid(21, 68, 120);

  private static AttentionPattern.Windows pattern(TokenGrid grid, int layer) {
    T3WindowRule rule = grid.equals(GRID_21) ? T3WindowRule.WAN21 : T3WindowRule.WAN22;
    return (AttentionPattern.Windows) rule.table().pattern(layer, grid);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 32640, 21, 8160, 21",
    "1, 1344, 510, 504, 340",
    "2, 2142, 320, 1680, 102",
    "3, 1680, 408, 952, 180",
    "4, 2040, 336, 765, 224"
  })
  void publishedTablesHaveTheirTokensAndWindows(
      int kind, int tokens21, int windows21, int tokens22, int windows22) {
    AttentionPattern.Windows wan21 = pattern(GRID_21, kind);
    assertThat(wan21.largestGroup()).isEqualTo(tokens21);
    assertThat(wan21.counts().windows()).isEqualTo(windows21);
    AttentionPattern.Windows wan22 = pattern(GRID_22, kind);
    assertThat(wan22.largestGroup()).isEqualTo(tokens22);
    assertThat(wan22.counts().windows()).isEqualTo(windows22);
  }

  @Test
  void kindsRotateOverTheBlocks() {
    for (int layer = 0; layer < 30; layer++) {
      assertThat(T3WindowRule.WAN21.table().kind(layer)).isEqualTo(layer % 5);
      assertThat(pattern(GRID_21, layer)).isEqualTo(pattern(GRID_21, layer % 5));
    }
    assertThat(pattern(GRID_21, 7).counts()).isEqualTo(new WindowCounts(1, 8, 40));
  }

  @Test
  void onlyKindZeroIsComputedInOnePass() {
    for (TokenGrid grid : List.of(GRID_21, GRID_22)) {
      assertThat(pattern(grid, 0).grouping()).isEqualTo(Grouping.CLOSE);
      for (int kind = 1; kind < 5; kind++) {
        assertThat(pattern(grid, kind).grouping()).as("kind %d", kind).isEqualTo(Grouping.BOTH);
      }
    }
  }

  @Test
  void textIsReadAndWritten() {
    T3Windows windows = T3Windows.parse(" 3,1, 1;1,3,2 ");
    assertThat(windows.kinds())
        .containsExactly(new WindowCounts(3, 1, 1), new WindowCounts(1, 3, 2));
    assertThat(windows).hasToString("3,1,1;1,3,2");
    assertThat(T3Windows.parse(windows.toString())).isEqualTo(windows);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3,1", "3,1,1,1", "3,1,x", "3,0,1", "-3,1,1", "3,1,1;", ";3,1,1"})
  void otherTextNamesTheTripleAndShowsAnExample(String text) {
    assertThatThrownBy(() -> T3Windows.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("windows '" + text + "': '")
        .hasMessageContaining("is not a triple of positive counts n_t,n_h,n_w as in \"21,1,1;");
  }

  @Test
  void atLeastOneKindIsNeeded() {
    assertThatThrownBy(() -> new T3Windows(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("windows: at least one n_t,n_h,n_w triple is needed");
  }

  @Test
  void kindsWithEmptyWindowsAreAllNamed() {
    T3Windows windows = T3Windows.parse("3,1,1;4,1,1;1,5,1;1,1,1");
    windows.requireFit(new TokenGrid(7, 6, 5));
    assertThatThrownBy(() -> windows.requireFit(new TokenGrid(3, 4, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "windows 4,1,1; 1,5,1 are more than the token grid 3x4x5"
                + " (latent frames x rows/2 x columns/2) has tokens along an axis");
  }
}
