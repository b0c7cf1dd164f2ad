import Foundation
import Testing

@testable import LinuxSystem

@Suite("The arguments of this process")
struct ProcessArgumentsTests {
    @Test("are those that the kernel was given")
    func all() {
        #expect(ProcessArguments.afterName == Array(CommandLine.arguments.dropFirst()))
    }
}
