package org.t3jvm.tensor.backend;

/** What compiles and starts the kernels of a GPU backend. */
public enum DeviceRuntime {
  /** The device's driver alone. */
  DRIVER,
  /** TornadoVM, which needs its SDK and its flags of the JVM. */
  TORNADO
}
