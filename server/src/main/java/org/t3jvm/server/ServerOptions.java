package org.t3jvm.server;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server serves.
 *
 * @param host name or address to listen on
 * @param port 0 for any that is free
 * @param data folder of the jobs, made if it is not there
 * @param loras folder of the LoRA files that jobs may name
 * @param token that clients must bring; null for none
 * @param names that the server goes by beside {@code host}, such as that of a proxy before it
 * @param keep ended jobs that stay, the newest; 0 for all
 */
public record ServerOptions(
    String host,
    int port,
    Path data,
    Path loras,
    @Nullable String token,
    List<String> names,
    int keep) {
  public ServerOptions {
    names = List.copyOf(names);
  }
}
