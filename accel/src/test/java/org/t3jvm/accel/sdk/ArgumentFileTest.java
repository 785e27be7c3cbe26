package org.t3jvm.accel.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentFileTest {
  @TempDir Path home;

  private TornadoSdk.Installed sdk() throws IOException {
    Path jars = Files.createDirectories(home.resolve(TornadoSdk.JARS));
    for (String jar :
        List.of(
            "tornado-api-5.jar",
            "tornado-drivers-common-5.jar",
            "tornado-drivers-opencl-5.jar",
            "tornado-drivers-ptx-5.jar")) {
      Files.createFile(jars.resolve(jar));
    }
    return new TornadoSdk.Installed(home);
  }

  private void list(String... lines) throws IOException {
    Files.write(home.resolve("tornado-argfile.template"), List.of(lines));
  }

  @Test
  void onlyDriversThatStartAreOnTheModulePath() throws IOException {
    list(
        "# a comment",
        "-XX:+EnableJVMCI",
        "-XX:+UseParallelGC",
        "-Djava.library.path=${TORNADOVM_HOME}/lib",
        "--module-path .:${TORNADOVM_HOME}/share/java/tornado",
        "--upgrade-module-path ${TORNADOVM_HOME}/share/java/graalJars",
        "--add-modules ALL-SYSTEM,tornado.runtime,tornado.drivers.opencl,tornado.drivers.ptx",
        "--add-exports a/b=tornado.runtime,tornado.drivers.ptx",
        "--add-exports=a/b=tornado.drivers.ptx",
        "--add-reads=tornado.drivers.ptx=x");
    List<String> flags = ArgumentFile.flags(sdk(), List.of(Driver.OPENCL));
    assertThat(flags)
        .contains(
            "-XX:+EnableJVMCI",
            "-Djava.library.path=" + home + "/lib",
            "--upgrade-module-path \"" + home + "/share/java/graalJars\"",
            "--add-modules ALL-SYSTEM,tornado.runtime,tornado.drivers.opencl",
            "--add-exports a/b=tornado.runtime",
            "-Dtornado.recover.bailout=False",
            "-Dtornado.opencl.compiler.flags=-w")
        .doesNotContain("-XX:+UseParallelGC")
        .noneMatch(flag -> flag.contains("ptx"));
    assertThat(flags.stream().filter(flag -> flag.startsWith("--module-path")))
        .singleElement()
        .asString()
        .contains("tornado-api-5.jar", "tornado-drivers-common-5.jar", "tornado-drivers-opencl");
  }

  @Test
  void anSdkWithoutItsListOfFlagsIsNamed() throws IOException {
    TornadoSdk.Installed sdk = sdk();
    assertThatThrownBy(() -> ArgumentFile.flags(sdk, List.of(Driver.OPENCL)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(home.toString())
        .hasMessageContaining("tornado-argfile");
  }

  @Test
  void withoutAnSdkThereAreNoFlags() throws IOException {
    Path file = home.resolve("flags");
    ArgumentFile.write(TornadoSdk.locate(null), file);
    assertThat(file).isEmptyFile();
  }
}
