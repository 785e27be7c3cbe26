package org.t3jvm.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** As many hostile clients as a real attack has, and the time to wait until they are cut off. */
@Tag("process")
class ManyHostileClientsTest extends HostileClientsTest {
  private static final int PATIENCE_MILLIS = 60_000;

  @Override
  int connections() {
    return 1000;
  }

  @Override
  int requests() {
    return 10_000;
  }

  @Override
  int listeners() {
    return 200;
  }

  @Override
  int steps() {
    return 400;
  }

  @Override
  void whileTheyAreOpen(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      assertThat(socket.getInputStream().read()).as("the server has closed it").isNegative();
    }
    System.out.printf("%d connections that never sent were closed%n", sockets.size());
  }
}
