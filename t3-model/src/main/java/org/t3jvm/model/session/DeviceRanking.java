package org.t3jvm.model.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.t3jvm.tensor.backend.DeviceOffer;

/** Which of the GPUs of all backends an automatic choice takes. */
final class DeviceRanking {
  /**
   * A device of a backend.
   *
   * @param backend the backend's name
   */
  record Candidate(String backend, DeviceOffer offer) {
    /** As {@code cuda, device 0, NVIDIA H200, 139.8 GiB, 45000 GFLOP/s in a product}. */
    String description() {
      return backend + ", " + offer.description();
    }
  }

  private DeviceRanking() {}

  /**
   * The candidates, best first: by the product that was measured, then by memory. Of the ways to
   * one device, known by its name, only the first counts.
   *
   * @param candidates the preferred backend's first
   */
  static List<Candidate> of(List<Candidate> candidates) {
    List<Candidate> ranked = new ArrayList<>();
    for (Candidate candidate : candidates) {
      boolean known =
          ranked.stream()
              .anyMatch(
                  other ->
                      !other.backend.equals(candidate.backend)
                          && other.offer.name().equals(candidate.offer.name()));
      if (!known) {
        ranked.add(candidate);
      }
    }
    ranked.sort(
        Comparator.<Candidate>comparingDouble(each -> -each.offer.rate())
            .thenComparingLong(each -> -each.offer.memory()));
    return ranked;
  }
}
