package org.t3jvm.accel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BankMemoryTest {
  private static Bank floats(int index, long elements) {
    return new Bank(Bank.Kind.FLOATS, index, elements);
  }

  @Test
  void valuesThatLiveTogetherDoNotMeet() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      BankMemory memory = new BankMemory(1 << 20, List.of(floats(0, 3000), floats(1, 90000)));
      memory.reserve(Bank.Kind.FLOATS, 700);
      List<Lifetime> values = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        int first = random.nextInt(40);
        values.add(new Lifetime(random.nextInt(2500), first, first + random.nextInt(8)));
      }
      List<Place> places = memory.plan(Bank.Kind.FLOATS, values).orElseThrow();
      for (int i = 0; i < places.size(); i++) {
        assertThat(places.get(i).elements()).isGreaterThanOrEqualTo(values.get(i).elements());
        assertThat(places.get(i).end()).isLessThanOrEqualTo(places.get(i).bank().elements());
        assertThat(memory.isFree(places.get(i))).isTrue();
        for (int j = 0; j < i; j++) {
          if (values.get(i).meets(values.get(j))) {
            assertThat(places.get(i).meets(places.get(j)))
                .as("seed %d: values %d and %d overlap", seed, i, j)
                .isFalse();
          }
        }
      }
    }
  }

  @Test
  void memoryIsUsedAgainAfterAValuesLastUse() {
    List<Lifetime> chain =
        List.of(
            new Lifetime(1600, 0, 1),
            new Lifetime(1600, 1, 2),
            new Lifetime(1600, 2, 3),
            new Lifetime(1600, 3, 4));
    assertThat(BankMemory.extent(chain)).isEqualTo(3200);
    assertThat(new BankMemory(12800, List.of(floats(0, 3200))).plan(Bank.Kind.FLOATS, chain))
        .isPresent();
    assertThat(new BankMemory(12800, List.of(floats(0, 3199))).plan(Bank.Kind.FLOATS, chain))
        .isEmpty();
  }

  @Test
  void oneBankIsPreferredAndSeveralAreTaken() {
    BankMemory memory = new BankMemory(1 << 20, List.of(floats(0, 1600), floats(1, 3200)));
    List<Lifetime> small = List.of(new Lifetime(800, 0, 9), new Lifetime(800, 0, 9));
    assertThat(memory.plan(Bank.Kind.FLOATS, small).orElseThrow())
        .extracting(place -> place.bank().index())
        .containsOnly(0);
    List<Lifetime> large = List.of(new Lifetime(3200, 0, 9), new Lifetime(1600, 0, 9));
    assertThat(memory.plan(Bank.Kind.FLOATS, large).orElseThrow())
        .extracting(place -> place.bank().index())
        .containsExactly(1, 0);
  }

  @Test
  void valuesOverSeveralBanksLeaveAsMuchAsCanBe() {
    List<Bank> banks = List.of(floats(0, 4096), floats(1, 3072), floats(2, 2048), floats(3, 1024));
    BankMemory memory = new BankMemory(4 * 8192, banks);
    List<Lifetime> values = List.of(new Lifetime(4096, 0, 9), new Lifetime(1000, 0, 9));
    assertThat(memory.plan(Bank.Kind.FLOATS, values).orElseThrow())
        .extracting(place -> place.bank().index())
        .containsExactly(0, 3);
    assertThat(memory.openedBytes()).isEqualTo(4 * (4096 + 1024));
  }

  @Test
  void banksThatAreOpenAreFilledBeforeOthers() {
    BankMemory memory = new BankMemory(4 * 8192, List.of(floats(0, 1024), floats(1, 4096)));
    assertThat(memory.reserve(Bank.Kind.FLOATS, 2000).orElseThrow().bank().index()).isEqualTo(1);
    assertThat(memory.reserve(Bank.Kind.FLOATS, 1000).orElseThrow().bank().index()).isEqualTo(1);
    assertThat(memory.close()).isFalse();
  }

  @Test
  void banksBeyondTheBudgetAreNotOpened() {
    BankMemory memory = new BankMemory(6400, List.of(floats(0, 1600), floats(1, 1600)));
    assertThat(memory.reserve(Bank.Kind.FLOATS, 1600)).isPresent();
    assertThat(memory.openedBytes()).isEqualTo(6400);
    assertThat(memory.reserve(Bank.Kind.FLOATS, 16)).isEmpty();
    assertThat(memory.plan(Bank.Kind.FLOATS, List.of(new Lifetime(16, 0, 0)))).isEmpty();
  }

  @Test
  void releasedBlocksAreFree() {
    BankMemory memory = new BankMemory(6400, List.of(floats(0, 1600)));
    Place first = memory.reserve(Bank.Kind.FLOATS, 1000).orElseThrow();
    assertThat(memory.reserve(Bank.Kind.FLOATS, 1000)).isEmpty();
    memory.release(first);
    assertThat(memory.isFree(first)).isTrue();
    assertThat(memory.reserve(Bank.Kind.FLOATS, 1600)).isPresent();
  }

  @Test
  void banksAreOfSizesThatArraysAndTheDeviceAllow() {
    long budget = 141L << 30;
    for (Bank.Kind kind : List.of(Bank.Kind.FLOATS, Bank.Kind.WORDS)) {
      List<Bank> banks = BankSizes.of(kind, budget, budget);
      assertThat(banks).allMatch(bank -> bank.elements() <= BankSizes.LARGEST);
      assertThat(banks.stream().mapToLong(Bank::bytes).sum()).isGreaterThan(budget * 9 / 10);
      assertThat(BankSizes.of(kind, budget, 1 << 20)).allMatch(bank -> bank.bytes() < 1 << 20);
      assertThat(BankSizes.of(kind, 40_000_000, budget))
          .allMatch(bank -> bank.bytes() <= 40_000_000)
          .isNotEmpty();
    }
  }
}
