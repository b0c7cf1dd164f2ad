import DiskContract
import ImageModel
package import JSONText
import KernelModules
import Plans
import SystemLayout
import SystemPackage

extension BootAction {
    /// The kind of step that it is.
    package var kind: BootStepKind {
        switch self {
        case .followDevices: .followDevices
        case .loadModule: .loadModule
        case .armWatchdog: .armWatchdog
        case .findBootPartition: .findBootPartition
        case .findImagePartition: .findImagePartition
        case .findMedium: .findMedium
        case .mountMedium: .mountMedium
        case .copyMedium: .copyMedium
        case .keepCarried: .keepCarried
        case .bindMedium: .mountOEM
        case .checkImagePartition: .checkImagePartition
        case .mountImagePartition: .mountImagePartition
        case .checkBootEnvironment: .checkBootEnvironment
        case .verifyManifest: .verifyManifest
        case .checkArguments: .checkArguments
        case .attachImage: .attachImage
        case .activateVerity: .activateVerity
        case .mountRoot: .mountRoot
        case .mountState: .mountState
        case .mountOEM: .mountOEM
        case .mountOverlayMemory, .mountOverlayDevice: .mountOverlayStore
        case .findPersistent: .findPersistent
        case .unlockPersistent: .unlockPersistent
        case .mountPersistent: .mountPersistent
        case .mountVolume: .mountVolume
        case .stackOverlays: .stackOverlays
        case .overlayPath: .overlayPath
        case .persistPath: .persistPath
        case .keepMachineID: .keepMachineID
        case .markMounts: .markMounts
        case .writeSentinel: .writeSentinels
        case .runStage: .runStage
        case .handOverWatchdog: .handOverWatchdog
        }
    }

    /// The kind's stable words.
    package var name: String { kind.rawValue }

    /// What the kind is for.
    package var explanation: String { kind.explanation }

    /// The path or device.
    package var subject: String {
        switch self {
        case .followDevices: "uevents"
        case .loadModule(let module): module.name.description
        case .armWatchdog(let seconds): "\(seconds) s"
        case .findBootPartition(let reference, _): reference.description
        case .findImagePartition(let source), .checkImagePartition(let source, _), .findPersistent(let source):
            source.description
        case .findMedium(let image, _, _): "a medium with image \(image)"
        case .checkBootEnvironment: "boot.env"
        case .checkArguments: "the kernel's command line"
        case .mountMedium(let path, _), .copyMedium(let path, _, _), .bindMedium(let path, _, _),
            .keepCarried(_, _, let path), .mountImagePartition(let path, _), .mountRoot(_, let path, _, _),
            .overlayPath(let path, _, _),
            .persistPath(let path, _, _, _), .verifyManifest(let path, _, _), .writeSentinel(let path, _),
            .markMounts(_, _, let path), .stackOverlays(let path):
            path.string
        case .attachImage(let file, _): file
        case .runStage(let name, _), .activateVerity(let name), .unlockPersistent(let name, _, _, _): name
        case .mountState(let mount), .mountOEM(let mount), .mountOverlayDevice(let mount): mount.source.description
        case .mountOverlayMemory(let size, let mount): "\(mount.source):\(size)"
        case .mountPersistent(let mount, _): mount.target.string
        case .mountVolume(let mount): "\(mount.source.description) on \(mount.mount.target)"
        case .keepMachineID: "/etc/machine-id"
        case .handOverWatchdog: "watchdog"
        }
    }
}

extension BootAction {
    /// Everything it holds.
    package var json: JSONValue {
        switch self {
        case .followDevices: [:]
        case .loadModule(let module): ["file": .string(module.file), "parameters": .string(module.parameters)]
        case .armWatchdog(let seconds): ["seconds": .integer(Int64(seconds))]
        case .findBootPartition(let device, let timeout): DeviceSource.anywhere(device, timeout: timeout).json
        case .findImagePartition(let source), .findPersistent(let source): source.json
        case .findMedium(let image, let timeout, let policy):
            [
                "image": text(image.description), "timeout": .integer(Int64(timeout)),
                "verity": .string(policy.rawValue),
            ]
        case .mountMedium(let target, let options): ["target": path(target), "options": list(options)]
        case .copyMedium(let medium, let entries, let policy):
            ["medium": path(medium), "entries": list(entries.map(\.string)), "toram": .string(policy.rawValue)]
        case .keepCarried(let image, let entries, let medium):
            ["image": path(image), "entries": list(entries.map(\.string)), "medium": path(medium)]
        case .bindMedium(let source, let target, let root):
            ["source": path(source), "target": path(target), "root": path(root)]
        case .checkImagePartition(_, let force): ["check": check(force)]
        case .mountImagePartition(let target, let options): ["target": path(target), "options": list(options)]
        case .checkBootEnvironment(let role, let image):
            ["role": .string(role.rawValue), "image": text(image?.description)]
        case .verifyManifest(let directory, let image, let policy):
            ["directory": path(directory), "image": text(image.description), "verity": .string(policy.rawValue)]
        case .checkArguments: [:]
        case .attachImage(let file, let folder): ["folder": path(folder), "file": .string(file)]
        case .activateVerity(let name): ["name": .string(name)]
        case .mountRoot(let image, let target, let filesystem, let options):
            [
                "image": .string(image.rawValue), "target": path(target), "filesystem": text(filesystem),
                "options": list(options),
            ]
        case .mountState(let mount), .mountOEM(let mount), .mountOverlayDevice(let mount), .mountVolume(let mount):
            mount.json
        case .mountOverlayMemory(_, let mount): mount.json
        case .unlockPersistent(let name, let keyFiles, let timeout, let mustBeEncrypted):
            [
                "name": .string(name), "keyFiles": list(keyFiles.map(\.string)),
                "passphraseTimeout": timeout.map { .integer(Int64($0)) } ?? .null,
                "mustBeEncrypted": .bool(mustBeEncrypted),
            ]
        case .mountPersistent(let mount, let force): ["mount": mount.json, "check": check(force)]
        case .overlayPath(let place, let root, let store):
            ["path": path(place), "root": path(root), "store": path(store)]
        case .persistPath(let place, let root, let store, let mode):
            ["path": path(place), "root": path(root), "store": path(store), "mode": .string(mode.rawValue)]
        case .keepMachineID(let root, let store): ["root": path(root), "store": path(store)]
        case .markMounts(let points, let root, let table):
            ["mounts": list(points.map(\.string)), "root": path(root), "table": path(table)]
        case .writeSentinel(let file, let contents): ["file": path(file), "contents": .string(contents)]
        case .runStage(let stage, let root): ["stage": .string(stage), "root": path(root)]
        case .stackOverlays(let root), .handOverWatchdog(let root): ["root": path(root)]
        }
    }
}

extension DeviceSource {
    /// Names the source for people.
    package var description: String {
        switch self {
        case .anywhere(let reference, _): reference.description
        case .bootDisk(let partition): "PARTLABEL=\(partition.rawValue) on the boot disk"
        }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .anywhere(let reference, let timeout):
            ["device": .string(reference.description), "timeout": .integer(Int64(timeout))]
        case .bootDisk(let partition):
            ["partitionLabel": .string(partition.rawValue), "label": .string(partition.label)]
        }
    }
}

extension DeviceMount {
    fileprivate var json: JSONValue {
        ["device": source.json, "mount": mount.json, "root": text(root?.string), "check": check(force)]
    }
}

extension MountSpec {
    fileprivate var json: JSONValue {
        [
            "source": source.isEmpty ? .null : .string(source), "target": path(target), "filesystem": text(filesystem),
            "options": list(options),
        ]
    }
}

private func path(_ path: FilePath) -> JSONValue { .string(path.string) }

private func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

private func list(_ words: [String]) -> JSONValue { .array(words.map { .string($0) }) }

/// How a file system is checked, in words.
private func check(_ force: Bool?) -> JSONValue { .string(force.map { $0 ? "always" : "when-needed" } ?? "never") }
