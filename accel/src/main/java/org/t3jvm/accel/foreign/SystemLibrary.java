package org.t3jvm.accel.foreign;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Optional;

/** A driver's library, by the names that systems give it. */
public enum SystemLibrary {
  OPENCL(
      "OpenCL",
      List.of(
          "libOpenCL.so.1", "OpenCL.dll", "/System/Library/Frameworks/OpenCL.framework/OpenCL")),
  CUDA("an NVIDIA driver", List.of("libcuda.so.1", "nvcuda.dll"));

  private final String what;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
  private final List<String> names;

  SystemLibrary(String what, List<String> names) {
    this.what = what;
    this.names = names;
  }

  /** What installs it, as in "an NVIDIA driver". */
  public String what() {
    return what;
  }

  /** Loads it, if this machine has it. */
  @SuppressWarnings("restricted")
  public Optional<SymbolLookup> find(Arena arena) {
    for (String name : names) {
      try {
        return Optional.of(SymbolLookup.libraryLookup(name, arena));
      } catch (IllegalArgumentException e) {
        // Not this name.
      }
    }
    return Optional.empty();
  }

  /** Why it cannot be used where {@link #find} finds nothing. */
  public String missing() {
    return "%s is not installed: %s was not found".formatted(what, names.getFirst());
  }
}
