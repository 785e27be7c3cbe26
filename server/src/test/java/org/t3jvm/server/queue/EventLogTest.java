package org.t3jvm.server.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events are read in order, and a reader that falls behind finds out. */
class EventLogTest {
  private static final Duration NOT_AT_ALL = Duration.ZERO;

  @Test
  void eachReaderGetsWhatIsNewToIt() throws InterruptedException {
    EventLog log = new EventLog(5);
    long before = log.last();
    log.add("progress", "{\"step\":1}");
    log.add("progress", "{\"step\":2}");
    List<Event> events = log.after(before, NOT_AT_ALL);
    assertThat(events).extracting(Event::data).containsExactly("{\"step\":1}", "{\"step\":2}");
    assertThat(log.after(events.getFirst().id(), NOT_AT_ALL)).containsExactly(events.getLast());
    assertThat(log.after(log.last(), NOT_AT_ALL)).isEmpty();
  }

  @Test
  void aReaderThatFellBehindIsNotServedAHole() throws InterruptedException {
    EventLog log = new EventLog(5);
    long before = log.last();
    for (int i = 0; i < 1000; i++) {
      log.add("progress", "{\"step\":%d}".formatted(i));
    }
    assertThat(log.has(before)).isFalse();
    List<Event> kept = log.after(before, NOT_AT_ALL);
    assertThat(kept).hasSize(256);
    assertThat(log.has(kept.getFirst().id())).isTrue();
    assertThat(log.has(kept.getFirst().id() - 1)).isTrue();
    assertThat(log.has(kept.getFirst().id() - 2)).isFalse();
    assertThat(log.has(log.last() + 1)).isFalse();
  }

  @Test
  void idsGrowFromOneServerToTheNext() {
    EventLog first = new EventLog(1000);
    for (int i = 0; i < 1000; i++) {
      first.add("progress", "{}");
    }
    EventLog second = new EventLog(1001);
    second.add("progress", "{}");
    assertThat(second.last()).isGreaterThan(first.last());
    assertThat(second.has(first.last())).isFalse();
  }
}
