package org.t3jvm.model.device;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assumptions;
import org.t3jvm.tensor.backend.BackendProvider;

/**
 * Has {@link org.t3jvm.tensor.backend.Backends} find a stand-in of CUDA's driver as backend {@code
 * cuda}. The stand-in belongs to the tests of module accel, which this module's tests have on their
 * class path.
 */
public final class CudaStandIn extends ClassLoader {
  private static final String SERVICE = "META-INF/services/" + BackendProvider.class.getName();
  private static final List<String> PROVIDERS =
      List.of(
          "org.t3jvm.accel.cuda.StandInProvider",
          "org.t3jvm.accel.OpenClProvider",
          "org.t3jvm.tensor.cpu.CpuBackendProvider",
          "org.t3jvm.tensor.reference.ReferenceBackendProvider");

  private final URL providers;

  private CudaStandIn(Path providers) throws IOException {
    super(CudaStandIn.class.getClassLoader());
    this.providers = Files.write(providers, PROVIDERS).toUri().toURL();
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.equals(SERVICE)
        ? Collections.enumeration(List.of(providers))
        : super.getResources(name);
  }

  /**
   * Calls something that looks for backends; the test is skipped where accel's tests were not
   * built.
   */
  public static <T> T during(Callable<T> call) throws Exception {
    String provider = PROVIDERS.getFirst().replace('.', '/') + ".class";
    Assumptions.assumeTrue(
        CudaStandIn.class.getClassLoader().getResource(provider) != null,
        "the tests of module accel are not on the class path");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    Path file = Files.createTempFile("providers", "");
    try {
      thread.setContextClassLoader(new CudaStandIn(file));
      return call.call();
    } finally {
      thread.setContextClassLoader(before);
      Files.delete(file);
    }
  }
}
