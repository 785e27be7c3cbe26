package org.t3jvm.accel.tornado;

import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.nvidia.LibraryFunction;
import org.t3jvm.accel.nvidia.NvidiaKernels;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;
import uk.ac.manchester.tornado.runtime.library.spi.LibraryContext;
import uk.ac.manchester.tornado.runtime.library.spi.LibraryInvocation;
import uk.ac.manchester.tornado.runtime.library.spi.TornadoLibraryProvider;
import uk.ac.manchester.tornado.runtime.library.spi.TornadoNativeStreamSupport;

/**
 * The provider that TornadoVM calls for {@link LibraryTasks}: it passes the stream and the
 * addresses of the banks. What the libraries keep is the device's, not the execution plan's, since
 * each new kernel makes a new plan.
 */
public final class NvidiaProvider implements TornadoLibraryProvider {
  static final String NAME = "t3jvm/nvidia";

  /** For {@link java.util.ServiceLoader}. */
  public NvidiaProvider() {}

  /** The driver's handles in an execution plan. */
  private record Handles(long context, long stream) implements LibraryContext {}

  @Override
  public String libraryName() {
    return NAME;
  }

  @Override
  public boolean canHandle(TornadoXPUDevice device) {
    return device instanceof TornadoNativeStreamSupport;
  }

  @Override
  public LibraryContext createContext(TornadoXPUDevice device, long plan) {
    TornadoNativeStreamSupport streams = (TornadoNativeStreamSupport) device;
    return new Handles(streams.getNativeContext(plan), streams.getNativeStream(plan));
  }

  @Override
  public void dispatch(String function, LibraryInvocation call) {
    NvidiaKernels kernels = (NvidiaKernels) call.getTuning();
    Handles handles = (Handles) call.getContext();
    IntArray ints = (IntArray) call.getArg(0);
    FloatArray floats = (FloatArray) call.getArg(1);
    long[] banks = new long[call.getNumArgs() - LibraryTasks.OPERANDS];
    for (int i = 0; i < banks.length; i++) {
      banks[i] = call.getDevicePointer(call.getNumArgs() - 1 - i);
    }
    NvidiaKernels.Place place = new NvidiaKernels.Place(handles.context(), handles.stream(), banks);
    kernels.run(LibraryFunction.valueOf(function), place, ints::get, floats.get(0));
    // As kernels do: the number comes back with the ints if the stream got here.
    kernels.write(
        place,
        call.getDevicePointer(0) + (long) Integer.BYTES * Launch.STAMP,
        ints.get(Launch.TICKET));
  }

  @Override
  public void destroyContext(LibraryContext context) {}
}
