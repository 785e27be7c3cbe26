package org.t3jvm.model.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.t3jvm.model.session.DeviceRanking.Candidate;
import org.t3jvm.tensor.backend.DeviceOffer;

class DeviceRankingTest {
  private static Candidate candidate(
      String backend, int device, String name, long memory, double rate) {
    return new Candidate(backend, new DeviceOffer(device, name, memory, rate));
  }

  @Test
  void theFasterProductWinsWhateverTheBackend() {
    Candidate slow = candidate("cuda", 0, "A", 64, 5e12);
    Candidate fast = candidate("opencl", 1, "B", 16, 9e12);
    assertThat(DeviceRanking.of(List.of(slow, fast))).containsExactly(fast, slow);
  }

  @Test
  void equalProductsAreRankedByMemory() {
    Candidate small = candidate("opencl", 0, "A", 16, 5e12);
    Candidate large = candidate("opencl", 1, "B", 64, 5e12);
    assertThat(DeviceRanking.of(List.of(small, large))).containsExactly(large, small);
  }

  @Test
  void ofTwoWaysToOneDeviceThePreferredBackendCounts() {
    Candidate cuda = candidate("cuda", 0, "A", 64, 5e12);
    Candidate openCl = candidate("opencl", 0, "A", 64, 6e12);
    assertThat(DeviceRanking.of(List.of(cuda, openCl))).containsExactly(cuda);
  }

  @Test
  void twoDevicesOfOneNameAreBothThere() {
    Candidate first = candidate("opencl", 0, "A", 64, 5e12);
    Candidate second = candidate("opencl", 1, "A", 64, 6e12);
    assertThat(DeviceRanking.of(List.of(first, second))).containsExactly(second, first);
  }

  @Test
  void theDescriptionHasNumberNameMemoryAndRate() {
    assertThat(candidate("cuda", 2, "NVIDIA H200", 140L << 30, 45e12).description())
        .isEqualTo("cuda, device 2, NVIDIA H200, 140.0 GiB, 45000 GFLOP/s in a product");
  }
}
