package org.t3jvm.accel.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LibraryStatusTest {
  @Test
  void codesAreCalledWhatTheHeadersCallThem() {
    assertThat(LibraryStatus.CUBLAS.describe(15)).isEqualTo("CUBLAS_STATUS_NOT_SUPPORTED (15)");
    assertThat(LibraryStatus.CUDNN.describe(3001))
        .isEqualTo("CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN (3001)");
    assertThat(LibraryStatus.CUDA.describe(2)).isEqualTo("CUDA_ERROR_OUT_OF_MEMORY (2)");
  }

  @Test
  void othersAreGivenAsTheyAre() {
    for (LibraryStatus library : LibraryStatus.values()) {
      assertThat(library.describe(98765)).isEqualTo("status 98765");
    }
  }
}
