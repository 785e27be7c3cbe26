package org.t3jvm.tensor.random;

/**
 * The 32-bit Mersenne Twister (Matsumoto and Nishimura, 1998), seeded as PyTorch seeds it (SPEC
 * 11).
 */
final class Mt19937 {
  private static final int SIZE = 624;
  private static final int SHIFT = 397;
  private static final int MATRIX = 0x9908b0df;

  private final int[] state = new int[SIZE];
  private int next = SIZE;

  Mt19937(int seed) {
    state[0] = seed;
    for (int j = 1; j < SIZE; j++) {
      int previous = state[j - 1];
      state[j] = 1812433253 * (previous ^ (previous >>> 30)) + j;
    }
  }

  /** The next 32 bits of the stream. */
  int next() {
    if (next == SIZE) {
      twist();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int j = 0; j < SIZE - SHIFT; j++) {
      state[j] = state[j + SHIFT] ^ mix(state[j], state[j + 1]);
    }
    for (int j = SIZE - SHIFT; j < SIZE - 1; j++) {
      state[j] = state[j + SHIFT - SIZE] ^ mix(state[j], state[j + 1]);
    }
    state[SIZE - 1] = state[SHIFT - 1] ^ mix(state[SIZE - 1], state[0]);
    next = 0;
  }

  private static int mix(int high, int low) {
    int y = (high & 0x80000000) | (low & 0x7fffffff);
    return (y >>> 1) ^ ((low & 1) == 0 ? 0 : MATRIX);
  }
}
