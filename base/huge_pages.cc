#include "base/huge_pages.h"

#include <sys/mman.h>

namespace dnsd {
namespace {

size_t whole_pages(size_t octets) { return (octets + huge_page_octets - 1) / huge_page_octets * huge_page_octets; }

}  // namespace

void* map_huge_pages(size_t octets) {
  // One page more than is wanted has an aligned part that is long enough.
  const size_t size = whole_pages(octets), mapped = size + huge_page_octets;
  void* const memory = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  auto* const begin = static_cast<std::byte*>(memory);
  const size_t before = (huge_page_octets - reinterpret_cast<uintptr_t>(begin) % huge_page_octets) % huge_page_octets;
  if (before > 0) ::munmap(begin, before);
  ::munmap(begin + before + size, huge_page_octets - before);
  ::madvise(begin + before, size, MADV_HUGEPAGE);  // where the kernel has none, pages stay small
  return begin + before;
}

void unmap_huge_pages(void* at, size_t octets) noexcept { ::munmap(at, whole_pages(octets)); }

}  // namespace dnsd
