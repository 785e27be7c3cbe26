package org.t3jvm.model.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.graph.TokenGrid;

/** Videos like one that does not fit into a budget, which do: of fewer frames, or smaller. */
final class SmallerJobs {
  /** Shares of the frames or of the height and width that are tried, the largest first. */
  private static final double[] SHARES = {0.75, 2 / 3.0, 0.5, 0.375, 1 / 3.0, 0.25, 0.125};

  private final ModelTypes model;
  private final GenerationRequest request;
  private final Backend backend;
  private final MemoryBudget budget;

  /** Rows and columns of pixels that a token covers. */
  private final int pixels;

  SmallerJobs(ModelTypes model, GenerationRequest request, Backend backend, MemoryBudget budget) {
    this.model = model;
    this.request = request;
    this.backend = backend;
    this.budget = budget;
    this.pixels = model.vae().spatialFactor() * model.dit().patchH();
  }

  /** What would fit, to go behind a sentence; empty if nothing does that is tried. */
  String description() {
    List<String> options = new ArrayList<>();
    first(this::ofFewerFrames)
        .ifPresent(fewer -> options.add("size.frames %d".formatted(fewer.frames())));
    first(this::ofSmallerSize)
        .ifPresent(
            smaller ->
                options.add(
                    "size.height %d size.width %d".formatted(smaller.height(), smaller.width())));
    return options.isEmpty() ? "" : "; would fit: " + String.join(", or ", options);
  }

  private interface Smaller {
    Optional<GenerationRequest> of(double share);
  }

  private Optional<GenerationRequest> first(Smaller smaller) {
    for (double share : SHARES) {
      Optional<GenerationRequest> candidate = smaller.of(share);
      if (candidate.isPresent() && fits(candidate.get())) {
        return candidate;
      }
    }
    return Optional.empty();
  }

  private boolean fits(GenerationRequest candidate) {
    return JobFit.closest(model, candidate, backend, MemoryBudget.NONE).peak() <= budget.bytes();
  }

  private Optional<GenerationRequest> ofFewerFrames(double share) {
    int latentFrames = (int) (request.latentFrames() * share);
    int frames = 1 + (latentFrames - 1) * VaeConfig.TEMPORAL_FACTOR;
    return latentFrames < 1
        ? Optional.empty()
        : attended(request.sized(request.height(), request.width(), frames));
  }

  private Optional<GenerationRequest> ofSmallerSize(double share) {
    int height = (int) (request.height() * share) / pixels;
    int width = (int) (request.width() * share) / pixels;
    if (height < 1 || width < 1) {
      return Optional.empty();
    }
    TokenGrid frame = new TokenGrid(1, height, width);
    if (request.attention() instanceof T3Windows) {
      frame = T3WindowRule.forTokensOf(pixels).roundedUp(frame);
    }
    if (frame.h() * pixels >= request.height() || frame.w() * pixels >= request.width()) {
      return Optional.empty();
    }
    if (request.second() != null
        && !request.second().enlargedBy(frame.h() * pixels, frame.w() * pixels)) {
      return Optional.empty();
    }
    return attended(request.sized(frame.h() * pixels, frame.w() * pixels, request.frames()));
  }

  /** With the windows that fit its grid, if it has any. */
  private Optional<GenerationRequest> attended(GenerationRequest candidate) {
    if (!(candidate.attention() instanceof T3Windows)) {
      return Optional.of(candidate);
    }
    return Optional.of(
        candidate.withAttention(
            T3WindowRule.forTokensOf(pixels).windows(candidate.grid(model.dit(), model.vae()))));
  }
}
