package org.t3jvm.tensor.cpu;

import java.util.List;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.cpu.rounded.Arithmetic;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.cpu.vector.RateMeter;
import org.t3jvm.tensor.cpu.vector.VectorWidth;

/**
 * Provider of the backend {@code cpu}. It does not link against the Vector API, whose module may be
 * missing, until that is known to be there.
 */
public final class CpuBackendProvider implements BackendProvider {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  @Override
  public String name() {
    return CpuBackend.NAME;
  }

  @Override
  public Availability availability() {
    try {
      Class.forName(
          VECTOR_MODULE + ".FloatVector", false, CpuBackendProvider.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      return new Availability.Unavailable(
          "module %s is not resolved; start Java with --add-modules=%s"
              .formatted(VECTOR_MODULE, VECTOR_MODULE));
    }
    try {
      VectorWidth.forcedBits();
    } catch (BackendException e) {
      return new Availability.Unavailable(String.valueOf(e.getMessage()));
    }
    int threads = BackendOptions.defaults().threads();
    return new Availability.Usable(
        "%s, %d %s".formatted(Lanes.description(), threads, threads == 1 ? "thread" : "threads"));
  }

  @Override
  public List<String> diagnostics() {
    return availability() instanceof Availability.Usable
        ? new KernelCheck(RateMeter.ofThread(), KernelCheck::pause).lines(KernelProbes.all())
        : List.of();
  }

  @Override
  public Backend open(BackendOptions options) {
    if (availability() instanceof Availability.Unavailable reason) {
      throw new BackendException("backend 'cpu' is unavailable: " + reason.description());
    }
    Precision precision = options.precision().orElse(Precision.F32);
    return new CpuBackend(options.threads(), Arithmetic.of(precision));
  }
}
