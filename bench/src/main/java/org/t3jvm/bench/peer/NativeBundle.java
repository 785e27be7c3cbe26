package org.t3jvm.bench.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.BackendException;

/**
 * Shared libraries that a Maven artifact carries as resources. They are unpacked once per user into
 * {@code ~/.cache/t3jvm/natives}.
 *
 * @param name folder of the unpacked files, different for each version
 * @param resources folder on the class path
 * @param files file names in it
 */
public record NativeBundle(String name, String resources, List<String> files) {
  private static final String PLATFORM = "Linux/amd64";

  public NativeBundle {
    files = List.copyOf(files);
  }

  /** Whether the files are there and this machine can run them. */
  public Availability availability(String whatItIs) {
    String platform = System.getProperty("os.name") + "/" + System.getProperty("os.arch");
    if (!platform.equals(PLATFORM)) {
      return new Availability.Unavailable("runs on %s only, not %s".formatted(PLATFORM, platform));
    }
    boolean present = files.stream().allMatch(file -> resource(file) != null);
    return present
        ? new Availability.Usable(whatItIs)
        : new Availability.Unavailable("not on the class path: build with -Ppeers");
  }

  /**
   * The unpacked files, in the order of {@link #files}.
   *
   * @throws BackendException if one is not on the class path or cannot be written
   */
  public List<Path> unpack() {
    Path folder =
        Path.of(System.getProperty("user.home"), ".cache", "t3jvm", "natives").resolve(name);
    try {
      Files.createDirectories(folder);
      List<Path> unpacked = new ArrayList<>();
      for (String file : files) {
        unpacked.add(unpack(file, folder.resolve(file)));
      }
      return unpacked;
    } catch (IOException | UncheckedIOException e) {
      throw new BackendException("cannot unpack %s into %s: %s".formatted(name, folder, e), e);
    }
  }

  private Path unpack(String file, Path target) throws IOException {
    URL resource = resource(file);
    if (resource == null) {
      throw new BackendException(name + " is not on the class path: build with -Ppeers");
    }
    URLConnection connection = resource.openConnection();
    try (InputStream content = connection.getInputStream()) {
      if (!Files.exists(target) || Files.size(target) != connection.getContentLengthLong()) {
        // Another process may be loading the file while this one unpacks it.
        Path partial = Files.createTempFile(target.getParent(), file, ".part");
        Files.copy(content, partial, StandardCopyOption.REPLACE_EXISTING);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return target;
  }

  private @Nullable URL resource(String file) {
    return NativeBundle.class.getClassLoader().getResource(resources + "/" + file);
  }
}
