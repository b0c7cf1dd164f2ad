import LinuxSystem
import SystemPackage

/// A layer whose image passes all checks: a kernel, an initramfs and an agent that nobody runs.
enum ImageLayerFixture {
    /// Makes `derivative.yaml` and what it names in the folder of a layer, and keys beside it.
    ///
    /// - Parameter more: further lines of the file.
    static func write(to layer: BuiltLayer, _ more: String) throws {
        try layer.run(
            """
            \(try BuiltLayer.program) key generate -o keys; cp keys/lifeboot.pub layer/own.pub; cd layer
            mkdir -p files/boot files/sbin files/usr/lib/modules/6.1-2 files/usr/lib/lifeboot oem build; cd files
            cp /bin/true sbin/init; printf kernel >boot/vmlinuz-6.1-2; printf agent >usr/lib/lifeboot/lifeboot-init
            printf x >usr/lib/modules/6.1-2/modules.order; mkdir -p srv; echo file >srv/own; cd ..
            echo word >build/word; echo 'hostname: x' >oem/10.yaml
            """)
        let text = """
            format: 1
            name: harbour
            version: 1.0
            sequence: 7
            packages: [app/mid, system/base]
            files: [{source: files}]
            oem: oem
            keys: [own.pub]
            os-release: {NAME: Harbour, ID: harbour}
            \(more)

            """
        try AtomicFile.write(Array(text.utf8), to: layer.layer.appending("derivative.yaml"))
    }

    /// Builds the image, after other words such as `setpriv`, and gives how that ended and what was said.
    static func build(
        _ layer: BuiltLayer, _ words: [String], after prefix: [String] = [], environment: [String: String] = [:]
    ) throws -> (status: Int32?, text: String, lines: String) {
        let all =
            prefix
            + [
                try BuiltLayer.program.string, "image", "build", "\(layer.layer)/derivative.yaml", "--key",
                "\(layer.folder)/keys/lifeboot.key", "--cache-dir", layer.cache.string, "--set",
                "image=oci:\(try BuiltLayer.image):latest",
            ] + words
        let outcome = try ChildProcess.run(
            all[0], Array(all.dropFirst()),
            environment: BuiltLayer.environment(["SOURCE_DATE_EPOCH": "1700000000"].merging(environment) { $1 }),
            output: .capture(atMost: 1 << 20), errors: .capture(atMost: 1 << 20), timeout: .seconds(300))
        let text = String(decoding: outcome.standardError, as: UTF8.self)
        guard case .exited(let status) = outcome.termination else { return (nil, "\(outcome.termination)", text) }
        return (status, text, String(decoding: outcome.standardOutput, as: UTF8.self))
    }
}
