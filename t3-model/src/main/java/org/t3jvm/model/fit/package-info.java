/** What fits where: budgets, head groups, bands, and the plan of a job with its operations. */
@NullMarked
package org.t3jvm.model.fit;

import org.jspecify.annotations.NullMarked;
