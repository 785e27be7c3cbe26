package org.t3jvm.bench.library;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The project's modules as they were built, which the tests have on the class path. */
final class ProjectModules {
  private static final String PREFIX = "org.t3jvm.";

  /**
   * What no other module requires at run time: the way in, backends, FFmpeg's natives, annotations.
   */
  private static final Pattern FOR_PROGRAMS =
      Pattern.compile(
          "org\\.t3jvm\\.(model|accel)|org\\.bytedeco\\.(ffmpeg|javacpp)\\..*|org\\.jspecify");

  /** The class path is read once. */
  private static final SortedMap<String, ModuleReference> ALL = find();

  private ProjectModules() {}

  /** Every folder and jar of the class path. */
  private static ModuleFinder finder() {
    return ModuleFinder.of(
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toArray(Path[]::new));
  }

  /**
   * Where the modules lie that a program is given: without benchmarks, tests and their libraries.
   */
  static List<Path> forPrograms() {
    List<String> roots =
        finder().findAll().stream()
            .map(module -> module.descriptor().name())
            .filter(FOR_PROGRAMS.asMatchPredicate())
            .toList();
    return Configuration.empty()
        .resolve(finder(), ModuleFinder.ofSystem(), roots)
        .modules()
        .stream()
        .map(ResolvedModule::reference)
        .map(ModuleReference::location)
        .flatMap(Optional::stream)
        .filter(location -> location.getScheme().equals("file"))
        .map(Path::of)
        .toList();
  }

  /** By name; a jar without a descriptor is none. */
  static SortedMap<String, ModuleReference> all() {
    return ALL;
  }

  private static SortedMap<String, ModuleReference> find() {
    SortedMap<String, ModuleReference> all = new TreeMap<>();
    for (ModuleReference module : finder().findAll()) {
      if (module.descriptor().name().startsWith(PREFIX) && !module.descriptor().isAutomatic()) {
        all.put(module.descriptor().name(), module);
      }
    }
    return Collections.unmodifiableSortedMap(all);
  }

  /** Packages that everybody may use. */
  static List<String> exported(ModuleDescriptor module) {
    return module.exports().stream()
        .filter(exports -> !exports.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .sorted()
        .toList();
  }

  /** Packages that only some modules may use, and which those are. */
  static SortedMap<String, Set<String>> qualified(ModuleDescriptor module) {
    return module.exports().stream()
        .filter(ModuleDescriptor.Exports::isQualified)
        .collect(
            Collectors.toMap(
                ModuleDescriptor.Exports::source,
                ModuleDescriptor.Exports::targets,
                (one, other) -> one,
                () -> new TreeMap<>(Comparator.naturalOrder())));
  }

  /** Where a module lies. */
  static Path path(ModuleReference module) {
    return Path.of(module.location().orElseThrow());
  }
}
