package org.t3jvm.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Precision;

class AgreementTest {
  private static Map<String, Tensor> output(float... values) {
    return Map.of("y", Tensor.ofFloats(Shape.of(values.length), values));
  }

  @Test
  void roundingIsNoDifference() {
    assertThat(
            Agreement.difference("libtorch-f32", Precision.F32, output(1, -4), output(1.001f, -4)))
        .isEmpty();
  }

  @Test
  void moreThanRoundingIsOne() {
    assertThat(
            Agreement.difference("libtorch-f32", Precision.F32, output(1, -4), output(1.02f, -4)))
        .hasValueSatisfying(
            line -> assertThat(line).contains("'y'", "libtorch-f32", "0.0050", "0.0010"));
  }

  @Test
  void bf16MayDifferMore() {
    assertThat(
            Agreement.difference("libtorch-bf16", Precision.F32, output(1, -4), output(1.02f, -4)))
        .isEmpty();
    assertThat(Agreement.difference("libtorch-bf16", Precision.F32, output(1, -4), output(2, -4)))
        .isPresent();
  }

  @Test
  void oursMayDifferMoreWhereItRounds() {
    Map<String, Tensor> ours = output(1, -4);
    assertThat(Agreement.difference("libtorch-f32", Precision.BF16, ours, output(1.02f, -4)))
        .isEmpty();
    assertThat(Agreement.difference("libtorch-f32", Precision.BF16, ours, output(2, -4)))
        .isPresent();
  }

  @Test
  void whatIsNotANumberNeverAgrees() {
    assertThat(Agreement.difference("openblas", Precision.F32, output(1, 2), output(1, Float.NaN)))
        .isPresent();
    assertThat(
            Agreement.difference("openblas", Precision.F32, output(Float.NaN), output(Float.NaN)))
        .isPresent();
  }

  @Test
  void missingOutputsNeverAgree() {
    assertThat(Agreement.difference("openblas", Precision.F32, output(1), Map.of())).isPresent();
  }
}
