package org.t3jvm.accel.slots;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.accel.lower.DeviceKernel;

/**
 * The source of each kernel reads the slots that its launches fill, all of them and no other, by
 * their names.
 */
class KernelSlotsTest {
  private static final Path TORNADO = Path.of("src/tornado/java/org/t3jvm/accel");
  private static final Pattern READ = Pattern.compile("ints\\.get\\(\\s*([^()]+?)\\s*\\)");
  private static final Pattern NAMED =
      Pattern.compile("(\\w+)\\.(\\w+)(?: \\+ \\d+)?( \\+ \\d+ \\* axis)?");

  @ParameterizedTest
  @EnumSource(DeviceKernel.class)
  void readsWhatItsLaunchesFill(DeviceKernel kernel) throws IOException {
    String slots = kernel.slots().getSimpleName();
    Set<String> read = new TreeSet<>();
    for (String place : places(method(kernel))) {
      Matcher named = NAMED.matcher(place);
      assertThat(named.matches()).as("%s reads ints.get(%s)", kernel, place).isTrue();
      if (named.group(1).equals("Launch")) {
        continue;
      }
      assertThat(named.group(1)).as("%s reads ints.get(%s)", kernel, place).isEqualTo(slots);
      assertThat(named.group(3) != null)
          .as("%s reads ints.get(%s) for each axis", kernel, place)
          .isEqualTo(named.group(2).equals("AXIS"));
      read.add(named.group(2));
    }
    assertThat(read)
        .as("slots that %s reads", kernel)
        .containsExactlyInAnyOrderElementsOf(Numbers.names(kernel.slots()).values());
  }

  /** A kernel that does not would compute the first part of a launch again and again. */
  @ParameterizedTest
  @EnumSource(DeviceKernel.class)
  void readsWhichPartOfALaunchItRuns(DeviceKernel kernel) throws IOException {
    List<String> read = places(method(kernel));
    List<String> wanted =
        switch (kernel) {
          case GEMM -> List.of("Launch.FIRST_X", "Launch.FIRST_Y", "Launch.FIRST_Z");
          case ATTENTION, CONV3D -> List.of("Launch.FIRST_X", "Launch.FIRST_Y");
          // Is never split.
          case LENGTHS -> List.of();
          default -> List.of("Launch.FIRST_X");
        };
    assertThat(read.stream().filter(place -> place.startsWith("Launch.FIRST")).toList())
        .as("%s", kernel)
        .containsExactlyInAnyOrderElementsOf(wanted);
  }

  @ParameterizedTest
  @EnumSource(DeviceKernel.class)
  void offsetsOfOperandsComeFirst(DeviceKernel kernel) {
    List<Integer> slots = new ArrayList<>(Numbers.names(kernel.slots()).keySet());
    assertThat(slots).as("slots of %s", kernel).hasSizeGreaterThan(kernel.operands().size());
    for (int i = 0; i < kernel.operands().size(); i++) {
      assertThat(slots.get(i)).as("slot of operand %d of %s", i, kernel).isEqualTo(i);
    }
  }

  private static List<String> places(String source) {
    return READ.matcher(source).results().map(read -> read.group(1)).toList();
  }

  /** The source of the method that a kernel's task runs. */
  private static String method(DeviceKernel kernel) throws IOException {
    MatchResult task =
        find(
            Files.readString(TORNADO.resolve("tornado/KernelTasks.java")),
            "case " + kernel + " ->[^;]*?(\\w+)::(\\w+)");
    String source = Files.readString(TORNADO.resolve("kernels/" + task.group(1) + ".java"));
    return find(source, "(?s)public static void " + task.group(2) + "\\(.*?\n  }\n").group();
  }

  private static MatchResult find(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as("'%s' is found", pattern).isTrue();
    return matcher.toMatchResult();
  }
}
