/**
 * GPU backends, which {@link org.t3jvm.tensor.backend.Backends} finds; nothing here is called by
 * name.
 *
 * @provides org.t3jvm.tensor.backend.BackendProvider {@code opencl}, {@code ptx} and {@code cuda}
 */
module org.t3jvm.accel {
  requires org.t3jvm.tensor;
  requires static org.jspecify;

  uses org.t3jvm.accel.sdk.DeviceSource;

  provides org.t3jvm.tensor.backend.BackendProvider with
      org.t3jvm.accel.OpenClProvider,
      org.t3jvm.accel.PtxProvider,
      org.t3jvm.accel.CudaProvider;
}
