// An allocator for buffers of many megabytes: they come from the system in huge pages and go back to it when they are freed.
//
// A page that is touched for the first time costs a microsecond and more on a virtual machine, which is as much as to read a
// record of a master file that fills a hundredth of it: with pages of 2 MiB a million records are read in half the time.
// And what a reload needs for a moment only does not stay in the heap afterwards. What of a buffer is not touched takes no
// memory. Small buffers are allocated as usual.
//
// Thread safety: as std::allocator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <vector>

namespace dnsd {

constexpr size_t huge_page_octets = size_t{2} << 20;

// Begins at a multiple of huge_page_octets. Throws std::bad_alloc where there is no memory, as operator new does.
void* map_huge_pages(size_t octets);
void unmap_huge_pages(void* at, size_t octets) noexcept;

template <typename T>
class HugePageAllocator {
 public:
  using value_type = T;
  HugePageAllocator() = default;
  template <typename U>
  HugePageAllocator(const HugePageAllocator<U>&) {}

  T* allocate(size_t n) {
    if (!is_huge(n)) return static_cast<T*>(::operator new(n * sizeof(T)));
    if (n > PTRDIFF_MAX / sizeof(T)) throw std::bad_alloc();
    return static_cast<T*>(map_huge_pages(n * sizeof(T)));
  }
  void deallocate(T* at, size_t n) noexcept {
    if (!is_huge(n)) return ::operator delete(at);
    unmap_huge_pages(at, n * sizeof(T));
  }
  template <typename U>
  bool operator==(const HugePageAllocator<U>&) const {
    return true;
  }

 private:
  static bool is_huge(size_t n) { return n >= 2 * huge_page_octets / sizeof(T); }
};

template <typename T>
using HugeVector = std::vector<T, HugePageAllocator<T>>;
using HugeString = std::basic_string<char, std::char_traits<char>, HugePageAllocator<char>>;

}  // namespace dnsd
