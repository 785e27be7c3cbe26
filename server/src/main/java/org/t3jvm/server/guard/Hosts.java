package org.t3jvm.server.guard;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names that the server goes by. A page of another site whose name was bound to this machine's
 * address (DNS rebinding) sends its own name, and is refused; a number cannot be bound.
 */
final class Hosts {
  private static final int PORT_DIGITS = 5;
  private static final Pattern NUMBER =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]{2,45}]");

  private final Set<String> names = new HashSet<>(List.of("localhost", "127.0.0.1", "[::1]"));
  private final boolean anyNumber;

  /**
   * The names of a server.
   *
   * @param host that it listens on
   * @param more names, such as that of a proxy before it
   * @param loopback whether it listens for its own machine alone
   */
  Hosts(String host, List<String> more, boolean loopback) {
    names.add(host.toLowerCase(Locale.ROOT));
    more.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    this.anyNumber = !loopback;
  }

  /** True of a {@code Host} header that means this server. */
  boolean has(@Nullable String header) {
    if (header == null) {
      return false;
    }
    String name = withoutPort(header.toLowerCase(Locale.ROOT));
    return names.contains(name) || (anyNumber && NUMBER.matcher(name).matches());
  }

  private static String withoutPort(String host) {
    int at = host.length();
    while (at > 0 && isDigit(host.charAt(at - 1))) {
      at--;
    }
    int digits = host.length() - at;
    boolean port = digits > 0 && digits <= PORT_DIGITS && at > 0 && host.charAt(at - 1) == ':';
    return port ? host.substring(0, at - 1) : host;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
