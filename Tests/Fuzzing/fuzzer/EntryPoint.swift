// The function that libFuzzer calls with each input (https://llvm.org/docs/LibFuzzer.html).
import FuzzTargets
import Glibc

/// The target that LIFEBOOT_FUZZ_TARGET names.
private let target: FuzzTarget = {
    let name = unsafe getenv("LIFEBOOT_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
        print("LIFEBOOT_FUZZ_TARGET names none of: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
        exit(64)
    }
    return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    do { try target.run(bytes) } catch {
        print("\(target.name): \(error)")
        abort()
    }
    return 0
}
