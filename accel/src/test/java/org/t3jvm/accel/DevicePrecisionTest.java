package org.t3jvm.accel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Precision;

class DevicePrecisionTest {
  @ParameterizedTest
  @ValueSource(strings = {"opencl", "ptx", "cuda"})
  void devicesRefuseInt8(String name) {
    BackendOptions options = new BackendOptions(1).with(Precision.INT8);
    assertThatThrownBy(() -> Backends.named(name).open(options))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "backend '%s' has no precision int8, only backend 'cpu' has; use bf16 or f32", name);
  }
}
