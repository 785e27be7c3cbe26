/** What is measured, as data: one definition of each case for the command and for JMH. */
@NullMarked
package org.t3jvm.bench.cases;

import org.jspecify.annotations.NullMarked;
