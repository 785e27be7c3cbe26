/**
 * Attention on the CPU: blocks of queries against blocks of keys with a running softmax, rows found
 * by index arithmetic and gathered while they are packed.
 */
@NullMarked
package org.t3jvm.tensor.cpu.attention;

import org.jspecify.annotations.NullMarked;
