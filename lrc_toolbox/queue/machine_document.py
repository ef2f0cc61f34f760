"""The JSON document about the computer: a view in the words of `queue.machine_keys`.

`python -m lrc_toolbox.queue.machine_document` prints its JSON Schema, which is kept in
docs/machine.schema.json. Values only. Any thread.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from lrc_toolbox.jobs.devices import DiskReading, Gpu, GpuProcess, HostSession
from lrc_toolbox.jobs.json_document import plain, schema_of
from lrc_toolbox.queue.machine_keys import (
    CpuDocument,
    DiskDocument,
    DriverDocument,
    GpuDocument,
    GpuProcessDocument,
    GrantDocument,
    HostDocument,
    MachineDocument,
    MemoryDocument,
    PresenceDocument,
    WindowDocument,
)
from lrc_toolbox.queue.machine_view import AttemptAtWork, MachineView

#: Grows when a key is renamed, removed or means something else; not for added keys.
FORMAT_VERSION: Final = 1


def machine_document(view: MachineView) -> dict[str, Any]:
    """Put a view into the document's words: lists, dicts, text and numbers."""
    reading, capacity, window = view.reading, view.capacity, view.window
    presence = reading.presence
    whole = MachineDocument(
        lrc_machine=FORMAT_VERSION,
        at=reading.at,
        name=view.name,
        service_running=view.service_runs,
        attempts=capacity.places,
        cpu=_cpu(view),
        memory=_memory(view),
        driver=_driver(view),
        gpus=tuple(_gpu(view, gpu) for gpu in reading.gpus.gpus),
        hosts=tuple(_host(view, host) for host in reading.hosts),
        presence=PresenceDocument(
            view.away, presence.idle_s, presence.locked, presence.problem
        ),
        disks=tuple(map(_disk, reading.disks)),
        grants=tuple(_grant(view, one) for one in view.attempts),
        window=WindowDocument(window.grants, window.until),
        stepping_back=view.stepping_back,
        kept_back=view.kept_back,
        problems=view.problems,
    )
    described: dict[str, Any] = plain(whole)
    return described


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    return schema_of(MachineDocument, "LRC Toolbox machine")


def _cpu(view: MachineView) -> CpuDocument:
    cpu = view.reading.cpu
    granted = {number for one in view.attempts for number in one.record.grant.cpu_ids}
    return CpuDocument(
        ids=cpu.ids,
        cores=cpu.cores,
        logical=cpu.logical,
        busy=cpu.busy,
        grantable=view.capacity.cpu_ids,
        granted=tuple(sorted(granted)),
        why=view.capacity.cpu_why,
    )


def _memory(view: MachineView) -> MemoryDocument:
    memory = view.reading.memory
    return MemoryDocument(
        total_mib=memory.total_mib,
        available_mib=memory.available_mib,
        swap_total_mib=memory.swap_total_mib,
        swap_used_mib=memory.swap_used_mib,
        grantable_mib=view.capacity.memory_mib,
        granted_mib=sum(one.record.grant.memory_mib for one in view.attempts),
        division=view.memory,
        why=view.capacity.memory_why,
    )


def _driver(view: MachineView) -> DriverDocument:
    gpus = view.reading.gpus
    return DriverDocument(
        source=gpus.source,
        version=gpus.driver,
        cuda=gpus.cuda,
        problem=gpus.problem,
        remedy=gpus.remedy,
        unread=gpus.unread,
    )


def _gpu(view: MachineView, gpu: Gpu) -> GpuDocument:
    share = view.capacity.gpu(gpu.uuid)
    grants = [one.record.grant for one in view.attempts]
    hosts = {host.pid for host in view.reading.hosts}
    return GpuDocument(
        index=gpu.index,
        uuid=gpu.uuid,
        name=gpu.name,
        kind=gpu.kind,
        parent=gpu.parent,
        total_mib=gpu.total_mib,
        used_mib=gpu.used_mib,
        division=view.vram(gpu),
        busy=gpu.busy,
        temperature_c=gpu.temperature_c,
        power_w=gpu.power_w,
        power_limit_w=gpu.power_limit_w,
        compute_capability=gpu.compute_capability,
        grantable_mib=share.vram_mib if share else 0,
        granted_mib=sum(one.vram_mib for one in grants if one.gpu_uuid == gpu.uuid),
        shared=bool(share and share.shared),
        why=share.why if share else "",
        processes=tuple(_process(process, hosts) for process in gpu.processes),
    )


def _process(process: GpuProcess, hosts: set[int]) -> GpuProcessDocument:
    return GpuProcessDocument(
        pid=process.pid,
        name=process.name,
        use=process.use,
        vram_mib=process.vram_mib,
        load=process.load,
        attempt=process.attempt,
        host=process.pid in hosts,
    )


def _host(view: MachineView, host: HostSession) -> HostDocument:
    return HostDocument(
        pid=host.pid,
        created_at=host.created_at,
        program=host.program,
        registered=host.registered,
        cpus=host.cpus,
        memory_mib=host.memory_mib,
        busy_with=host.busy_with,
        gpus=tuple(
            gpu.index for gpu in view.reading.gpus.gpus if host in view.hosts_on(gpu)
        ),
    )


def _disk(disk: DiskReading) -> DiskDocument:
    return DiskDocument(
        disk.folder, disk.purpose, disk.total_mib, disk.free_mib, disk.problem
    )


def _grant(view: MachineView, one: AttemptAtWork) -> GrantDocument:
    record, grant = one.record, one.record.grant
    gpu = next((g for g in view.reading.gpus.gpus if g.uuid == grant.gpu_uuid), None)
    return GrantDocument(
        attempt=record.id,
        task=str(record.task),
        job=one.job,
        layer=one.layer,
        state=record.state.value,
        pid=record.pid,
        frame=record.frame,
        cpu_ids=grant.cpu_ids,
        memory_mib=grant.memory_mib,
        gpu_uuid=grant.gpu_uuid,
        gpu_index=gpu.index if gpu else None,
        vram_mib=grant.vram_mib,
        memory_used_mib=one.memory_mib,
        vram_used_mib=one.vram_mib,
        peak_memory_mib=record.peak_memory_mib,
        peak_vram_mib=record.peak_vram_mib,
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")
