// What becomes of changed files before they are served, for respond_bench: zones, pools, snapshots.
#pragma once

namespace dnsd::bench {

void register_compile_benchmarks();

}  // namespace dnsd::bench
