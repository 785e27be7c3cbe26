package org.t3jvm.model.warm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

class KernelWarmUpTest {
  @Test
  void bothModelsRun() {
    assertThatCode(() -> KernelWarmUp.run(2)).doesNotThrowAnyException();
  }

  @Test
  void theDitMultipliesFewerAndMoreRowsThanColumns() {
    List<Shape> products =
        KernelWarmUp.dit().graph().values().stream()
            .filter(value -> value.op() instanceof Op.Linear)
            .map(Value::shape)
            .filter(shape -> shape.dim(0) > 1)
            .toList();
    assertThat(products).anyMatch(shape -> shape.dim(0) < shape.dim(1));
    assertThat(products).anyMatch(shape -> shape.dim(0) >= shape.dim(1));
  }
}
