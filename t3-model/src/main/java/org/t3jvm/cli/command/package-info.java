/** The commands of {@code t3}, one class each, and what they share. */
@NullMarked
package org.t3jvm.cli.command;

import org.jspecify.annotations.NullMarked;
