package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** Memory from the system by the page, which can change from written to executed. */
interface Pages {
  /** Readable and writable memory of at least so many bytes. */
  MemorySegment map(long bytes);

  /** Makes memory readable and executable and no longer writable. */
  void makeExecutable(MemorySegment memory);

  /** Gives memory back. */
  void unmap(MemorySegment memory);

  /** The system refused, or has no such calls. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /** The calls of this system. */
  static Pages ofSystem() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows")) {
      return new WindowsPages();
    }
    if (system.startsWith("linux")) {
      return new LinuxPages();
    }
    throw new Refused("no executable memory on " + system);
  }
}
