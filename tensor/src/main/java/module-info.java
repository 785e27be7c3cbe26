/**
 * Tensors, traced graphs and the backends that run them.
 *
 * @provides org.t3jvm.tensor.backend.BackendProvider {@code cpu} and {@code reference}
 */
@SuppressWarnings("module") // the modules that packages are exported to are compiled later
module org.t3jvm.tensor {
  requires java.management;
  requires jdk.incubator.vector;
  requires static transitive org.jspecify;

  exports org.t3jvm.tensor;
  exports org.t3jvm.tensor.backend;
  exports org.t3jvm.tensor.grad;
  exports org.t3jvm.tensor.graph;
  exports org.t3jvm.tensor.optim;
  exports org.t3jvm.tensor.random;
  exports org.t3jvm.tensor.cpu.vector to
      org.t3jvm.bench;
  exports org.t3jvm.tensor.graph.rewrite to
      org.t3jvm.model;
  exports org.t3jvm.tensor.quantize to
      org.t3jvm.bench,
      org.t3jvm.loaders,
      org.t3jvm.model;

  uses org.t3jvm.tensor.backend.BackendProvider;

  provides org.t3jvm.tensor.backend.BackendProvider with
      org.t3jvm.tensor.cpu.CpuBackendProvider,
      org.t3jvm.tensor.reference.ReferenceBackendProvider;
}
